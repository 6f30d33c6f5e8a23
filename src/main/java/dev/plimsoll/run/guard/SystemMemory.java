package dev.plimsoll.run.guard;

import dev.plimsoll.memory.HeldFiles;
import dev.plimsoll.memory.MemorySensor;
import dev.plimsoll.memory.SharedBudget;
import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.memory.TreeMemory;
import dev.plimsoll.memory.containment.RunCgroup;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Ceiling;
import dev.plimsoll.model.MemorySample;
import dev.plimsoll.model.MemorySnapshot;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.ProcessKey;
import dev.plimsoll.model.RamAfter;
import dev.plimsoll.model.Shortage;
import dev.plimsoll.process.ProcessTable;
import dev.plimsoll.schedule.Memory;
import dev.plimsoll.schedule.budget.Budget;
import dev.plimsoll.schedule.budget.BudgetRule;
import dev.plimsoll.schedule.budget.Pressure;
import dev.plimsoll.schedule.budget.Reserve;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The real machine's memory, seen through `/proc` and the control groups.
public final class SystemMemory implements MemoryWatch {
  /// How often the list of processes is renewed, and memory read exactly: reading it costs 20 ms
  /// per gigabyte.
  private static final Duration RENEW = Duration.ofMillis(500);

  private static final Duration EXACT = Duration.ofSeconds(5);

  /// Memory is read exactly sooner when the cheap readings may be wrong by this much, but never so
  /// often that it takes more than a fiftieth of the time.
  private static final Bytes UNSURE = Bytes.mib(64);

  private static final Duration SOONEST = Duration.ofSeconds(1);
  private static final int SPARING = 50;

  /// No group gets a limit below this: pytest itself would not start.
  public static final Bytes LEAST = Bytes.mib(64);

  private final BudgetRule rule;
  private final Reserve reserve;
  private final InstantSource clock;
  private final MemorySensor sensor = new MemorySensor(SystemRoot.system());
  private final HeldFiles files = new HeldFiles(SystemRoot.system());
  private final ProcessTable table = new ProcessTable(Path.of("/proc"));
  private final TreeMemory trees = new TreeMemory(SystemRoot.system());
  private final Pressure pressure = new Pressure();
  private final Map<Long, ProcessKey> keys = new HashMap<>();
  private final MachineReservations reservations;
  private final Bytes machine;
  private Bytes machinePeak = Bytes.ZERO;
  private Bytes leastFree;
  private long oomKills;
  private OptionalLong killsSeen = OptionalLong.empty();
  private @Nullable RunCgroup group;
  private TreeMemory.Reading peak = TreeMemory.Reading.NONE;
  private Instant renewed = Instant.EPOCH;
  private Instant exact;
  private Duration soonest = SOONEST;

  /// @param shared what runs on this machine share, if they can
  public SystemMemory(
      BudgetRule rule, Reserve reserve, Optional<SharedBudget> shared, InstantSource clock) {
    this.rule = rule;
    this.reserve = reserve;
    this.reservations = new MachineReservations(shared);
    this.clock = clock;
    this.exact = clock.instant();
    MemorySample first = sensor.fresh();
    this.machine = first.total();
    this.leastFree = free(first);
    this.oomKills = first.oomKills().orElse(0);
  }

  /// The budget before anything of the run lives.
  public Budget budget() {
    return budget(0);
  }

  /// The budget before anything of the run lives but this interpreter, 0 for none.
  public Budget budget(long python) {
    reservations.renew();
    Bytes held = python == 0 ? Bytes.ZERO : sizeOf(python);
    return Budget.of(rule, reserve, sensor.fresh(), held, reservations.others().pending());
  }

  /// The machine's memory, whatever limits are above this process.
  public Bytes machine() {
    return machine;
  }

  /// The most that a run could hold which begins now, whatever was asked for: beyond it the
  /// machine, or a group above us, is out of memory. Half of a reserve stays for what is not the
  /// run's.
  public Bytes most() {
    MemorySample sample = sensor.fresh();
    Bytes most = sample.available().minus(reserve.of(sample.total()).times(0.5));
    for (Ceiling ceiling : sample.ceilings()) {
      most = most.min(ceiling.headroom().minus(reserve.below(ceiling.limit()).times(0.5)));
    }
    return most.max(LEAST);
  }

  @Override
  public Reading read(long host, Map<Integer, Long> workers) {
    return read(host == 0 ? List.of() : List.of(host), workers);
  }

  /// Look at several trees that make up the run.
  ///
  /// @param roots processes whose trees are the run's
  /// @param workers processes whose trees are counted separately, by number
  public Reading read(List<Long> roots, Map<Integer, Long> workers) {
    Instant now = clock.instant();
    boolean renew = Duration.between(renewed, now).compareTo(RENEW) >= 0;
    if (renew) {
      renewed = now;
      table.refresh();
      reservations.renew();
    }
    MemorySample sample = sensor.sample();
    Set<ProcessKey> processes = new HashSet<>();
    roots.forEach(root -> processes.addAll(treeOf(root)));
    workers.values().forEach(worker -> processes.addAll(treeOf(worker)));
    trees.retain(processes);
    trees.look(processes);
    TreeMemory.Reading held = held(processes, now);
    killsSeen = sample.oomKills();
    peak = peak.max(held);
    machinePeak = machinePeak.max(sample.used());
    leastFree = leastFree.min(free(sample));
    reservations.holds(held.size());
    Bytes pending = reservations.others().pending();
    Budget budget = Budget.of(rule, reserve, sample, held.size(), pending);
    // At half of the reserve something must be given up: what is left covers the time that a kill
    // takes.
    Budget brink = Budget.of(rule, reserve.half(), sample, held.size(), Bytes.ZERO);
    Bytes headroom = budget.size().minus(held.size());
    Bytes spare = brink.size().minus(held.size());
    Shortage limit =
        (spare.value() < 0 ? brink : budget)
            .shortage(reserve, sample, held.size(), reservations.others());
    Memory.State state = pressure.judge(now.toEpochMilli(), headroom, spare, sample, limit);
    var own = new HashMap<Integer, Bytes>();
    workers.forEach(
        (worker, pid) -> own.put(worker, key(pid).map(trees::anonymous).orElse(Bytes.ZERO)));
    Map<Integer, Bytes> sizes = listed(workers);
    if (state == Memory.State.CRITICAL) {
      addFiles(sizes, workers);
    }
    var snapshot =
        new MemorySnapshot(
            now, held.size(), held.source(), budget.size(), sample.available(), sample.swapUsed());
    return new Reading(
        snapshot, headroom, state, pressure.why(), Pressure.until(spare), sizes, own);
  }

  /// What the trees of these processes hold, also of their processes that began a moment ago.
  public Map<Integer, Bytes> sizes(Map<Integer, Long> workers) {
    table.refresh();
    workers.values().forEach(worker -> trees.look(treeOf(worker)));
    return listed(workers);
  }

  /// Add the files in memory that would go with a worker.
  private void addFiles(Map<Integer, Bytes> sizes, Map<Integer, Long> workers) {
    var trees = new HashMap<Integer, Set<ProcessKey>>();
    workers.forEach((worker, pid) -> trees.put(worker, treeOf(pid)));
    files.byTree(trees).forEach((worker, held) -> sizes.merge(worker, held, Bytes::plus));
  }

  private Map<Integer, Bytes> listed(Map<Integer, Long> workers) {
    var sizes = new HashMap<Integer, Bytes>();
    workers.forEach((worker, pid) -> sizes.put(worker, sizeOf(pid)));
    return sizes;
  }

  private TreeMemory.Reading held(Set<ProcessKey> processes, Instant now) {
    RunCgroup contained = group;
    Optional<Bytes> charged = contained == null ? Optional.empty() : contained.held();
    if (charged.isPresent()) {
      return new TreeMemory.Reading(charged.get(), PeakSource.CGROUP);
    }
    if (processes.isEmpty()) {
      return TreeMemory.Reading.NONE;
    }
    TreeMemory.Reading cheap = trees.now(processes);
    if (!isExactDue(cheap, now)) {
      return cheap;
    }
    exact = now;
    TreeMemory.Reading reading = trees.exact(processes);
    Duration sparing = Duration.between(now, clock.instant()).multipliedBy(SPARING);
    soonest = sparing.compareTo(SOONEST) > 0 ? sparing : SOONEST;
    return reading;
  }

  private boolean isExactDue(TreeMemory.Reading cheap, Instant now) {
    Duration since = Duration.between(exact, now);
    return since.compareTo(EXACT) >= 0
        || (since.compareTo(soonest) >= 0 && cheap.unsure().compareTo(UNSURE) > 0);
  }

  private Bytes sizeOf(long pid) {
    return trees.now(treeOf(pid)).size();
  }

  private Set<ProcessKey> treeOf(long pid) {
    return key(pid).map(table::tree).orElse(Set.of());
  }

  /// Take the run's memory from its control group from now on.
  void watch(RunCgroup opened) {
    group = opened;
  }

  /// Processes that the kernel has killed for memory since it started, in any control group, as of
  /// the last look; empty where it does not count them.
  OptionalLong killsSeen() {
    return killsSeen;
  }

  /// Whether a process has ended.
  boolean isGone(long pid) {
    Optional<ProcessKey> process = key(pid);
    process.ifPresent(key -> trees.look(List.of(key)));
    return process.filter(trees::lived).isEmpty();
  }

  /// The other processes that belonged to a worker when it was last looked at.
  Set<Long> companyOf(long pid) {
    ProcessKey known = keys.get(pid);
    if (known == null) {
      return Set.of();
    }
    return table.tree(known).stream()
        .map(ProcessKey::pid)
        .filter(other -> other != pid)
        .collect(Collectors.toSet());
  }

  /// The machine's memory since this was last asked.
  public dev.plimsoll.verdict.MachineMemory aroundDeath() {
    MemorySample sample = sensor.fresh();
    Bytes least = leastFree.min(free(sample));
    long kills = sample.oomKills().orElse(0);
    var rose =
        sample.oomKills().isPresent() ? OptionalLong.of(kills - oomKills) : OptionalLong.empty();
    oomKills = kills;
    leastFree = free(sample);
    return new dev.plimsoll.verdict.MachineMemory(total(), least, rose);
  }

  /// What can still be allocated on the machine and below every limit.
  private static Bytes free(MemorySample sample) {
    Bytes free = sample.available();
    for (Ceiling ceiling : sample.ceilings()) {
      free = free.min(ceiling.headroom());
    }
    return free;
  }

  private Optional<ProcessKey> key(long pid) {
    ProcessKey known = keys.get(pid);
    if (known != null && trees.lived(known)) {
      return Optional.of(known);
    }
    Optional<ProcessKey> found = table.key(pid);
    found.ifPresentOrElse(key -> keys.put(pid, key), () -> keys.remove(pid));
    return found;
  }

  @Override
  public boolean claim(Bytes pending, Bytes headroom, boolean idle) {
    return reservations.claim(pending, headroom, idle);
  }

  @Override
  public void publish(Bytes pending, boolean busy) {
    reservations.publish(pending, busy);
  }

  @Override
  public Peak peak() {
    RunCgroup contained = group;
    Bytes charged = contained == null ? Bytes.ZERO : contained.peak().orElse(Bytes.ZERO);
    return charged.isPositive()
        ? new Peak(charged, PeakSource.CGROUP, machinePeak)
        : new Peak(peak.size(), peak.source(), machinePeak);
  }

  @Override
  public RamAfter after() {
    MemorySample sample = sensor.fresh();
    return new RamAfter(
        sample.used(), sample.free(), sample.buffCache(), sample.available(), sample.swapUsed());
  }

  /// Memory of the machine, or the smallest limit above this process when that is less.
  private Bytes total() {
    MemorySample sample = sensor.fresh();
    Bytes total = sample.total();
    for (Ceiling ceiling : sample.ceilings()) {
      total = total.min(ceiling.limit());
    }
    return total;
  }

  @Override
  public void close() {
    sensor.close();
    trees.close();
    reservations.close();
  }
}
