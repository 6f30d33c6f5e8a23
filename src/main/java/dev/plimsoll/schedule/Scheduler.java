package dev.plimsoll.schedule;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.schedule.Event.Again;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Decide what runs next, where, and what is given up: a state that takes an event at a moment and
/// answers with decisions. It knows no clock, thread or process, so that it can be simulated.
///
/// Admission. Each worker holds a lease of the largest expected peak among its tests. A unit is
/// admitted when what all leases may still grow by, its own included, fits the room that memory
/// has. When the first unit in order does not fit, the others are let past it as in EASY
/// backfilling (Lifka 1995, "The ANL/IBM SP scheduling system"): a later unit may start only if it
/// ends before the first one could start, or leaves enough room for it; after a number of such
/// bypasses nothing passes any more, so nobody starves. When nothing runs, the first unit always
/// runs: progress.
///
/// Batches. Short units are given several at a time, and the next batch before the last test of the
/// present one, so that a worker neither waits nor holds what an idle one could run; what it holds
/// too much is asked back.
public final class Scheduler {
  private static final int MAX_BYPASSES = 64;
  private static final int MAX_BATCH = 200;

  private final Policy policy;
  private final Backlog backlog;
  private final ArrayDeque<Unit> exclusive = new ArrayDeque<>();
  private final TreeMap<Integer, Seat> seats = new TreeMap<>();
  private final Unit[] unitOf;
  private final boolean[] done;
  private final Set<Integer> spare = new HashSet<>();
  private final List<Decision> decisions = new ArrayList<>();
  private Memory memory;
  private int group = -1;
  private int nextWorker;
  private int nextRank;
  private int left;
  private int bypasses;
  private @Nullable Unit bypassed;
  private boolean stopped;
  private boolean finished;
  private long now;

  public Scheduler(
      List<Candidate> tests, Policy policy, Order order, Cohesion cohesion, Bytes room) {
    this.policy = policy;
    this.memory = new Memory(room, Map.of(), Memory.State.CALM, "");
    this.backlog = new Backlog(policy.caps().size());
    this.unitOf = new Unit[tests.size()];
    this.done = new boolean[tests.size()];
    this.left = tests.size();
    for (Unit unit : Planner.plan(tests, order, cohesion)) {
      enqueue(unit);
    }
  }

  /// What to do first.
  public List<Decision> start() {
    return decide();
  }

  /// Take an event that happened `micros` after the start and answer what to do.
  public List<Decision> on(long micros, Event event) {
    now = micros;
    switch (event) {
      case Event.Ready ready -> seat(ready.worker()).ready = true;
      case Event.Done done -> finish(seat(done.worker()), done.test());
      case Event.Dropped dropped -> takeBack(seat(dropped.worker()), dropped.tests());
      case Event.Gone gone -> bury(gone);
      case Event.Sensed sensed -> sense(sensed.memory());
      case Event.Stop stop -> stopped = true;
    }
    return decide();
  }

  /// Tests that have not ended.
  public int left() {
    return left;
  }

  /// The test a worker runs by now, -1 when it has none.
  public int running(int worker) {
    Seat seat = seats.get(worker);
    return seat == null || seat.isIdle() ? -1 : seat.tests.getFirst();
  }

  /// Whether the memory that is expected of a test is set aside for it.
  public Bytes lease(int worker) {
    Seat seat = seats.get(worker);
    return seat == null ? Bytes.ZERO : Bytes.of(seat.peak());
  }

  // ---- events

  private Seat seat(int worker) {
    Seat seat = seats.get(worker);
    if (seat == null) {
      throw new IllegalStateException("no worker " + worker);
    }
    return seat;
  }

  private void finish(Seat seat, int test) {
    if (!seat.tests.remove((Integer) test)) {
      throw new IllegalStateException("test " + test + " was not with worker " + seat.worker);
    }
    if (done[test]) {
      throw new IllegalStateException("test " + test + " ended twice");
    }
    done[test] = true;
    left--;
    seat.since = now;
    seat.growth = 0;
    seat.forget(unitOf[test]);
    if (policy.fresh() && seat.isIdle()) {
      retire(seat, "");
    }
  }

  private void takeBack(Seat seat, List<Integer> tests) {
    seat.dropping = false;
    var units = new HashSet<Unit>();
    for (int test : tests) {
      if (seat.tests.remove((Integer) test)) {
        units.add(unitOf[test]);
      }
    }
    for (Unit unit : units) {
      var back = unit.tests().stream().filter(tests::contains).toList();
      boolean begun = back.size() < unit.tests().size();
      if (begun && !stopped && !seat.retiring && !seat.dying) {
        seat.tests.addAll(back);
        decisions.add(new Decision.Run(seat.worker, back));
      } else {
        seat.forget(unit);
        enqueue(begun ? part(unit, back, unit.peak(), false) : unit);
      }
    }
  }

  private void bury(Event.Gone gone) {
    Seat seat = seats.remove(gone.worker());
    if (seat == null) {
      return;
    }
    spare.add(gone.worker());
    boolean wasRunning = gone.running() >= 0 && seat.tests.remove((Integer) gone.running());
    for (Unit unit : List.copyOf(seat.units)) {
      var rest = unit.tests().stream().filter(seat.tests::contains).toList();
      if (!rest.isEmpty()) {
        enqueue(
            rest.size() == unit.tests().size()
                ? unit
                : part(unit, rest, unit.peak(), unit.exclusive()));
      }
    }
    if (wasRunning) {
      again(gone.running(), gone.again(), gone.peak());
    }
  }

  private void again(int test, Again again, long seen) {
    if (again == Again.NO) {
      done[test] = true;
      left--;
      return;
    }
    Unit unit = unitOf[test];
    Bytes raised = Bytes.of(Math.max(unit.peak().value(), 2 * seen)).min(policy.capacity());
    Unit alone = part(unit, List.of(test), raised, again == Again.ALONE);
    enqueue(alone);
  }

  private Unit part(Unit unit, List<Integer> tests, Bytes peak, boolean alone) {
    long micros = unit.micros() * tests.size() / unit.tests().size();
    return new Unit(unit.rank(), tests, unit.group(), peak, micros, alone);
  }

  private void enqueue(Unit unit) {
    Bytes peak = unit.peak().min(policy.capacity());
    Unit cut =
        new Unit(unit.rank(), unit.tests(), unit.group(), peak, unit.micros(), unit.exclusive());
    cut.tests().forEach(test -> unitOf[test] = cut);
    nextRank = Math.max(nextRank, cut.rank() + 1);
    if (cut.exclusive()) {
      exclusive.add(cut);
    } else {
      backlog.add(cut);
    }
  }

  private void sense(Memory sample) {
    memory = sample;
    for (Seat seat : seats.values()) {
      seat.growth = sample.growth().getOrDefault(seat.worker, Bytes.ZERO).value();
    }
    switch (sample.state()) {
      case CALM -> {}
      case TIGHT -> retireIdle(sample.why());
      case CRITICAL -> {
        if (!retireIdle(sample.why())) {
          preempt(sample.why());
        }
      }
    }
  }

  // ---- decisions

  private List<Decision> decide() {
    if (!finished) {
      if (stopped) {
        withdraw();
      } else {
        beginGroups();
        startWorkers();
        fill();
        steal();
      }
      retireSurplus();
      if (seats.isEmpty() && (stopped || left == 0)) {
        finished = true;
        decisions.add(new Decision.Finish());
      }
    }
    var answer = List.copyOf(decisions);
    decisions.clear();
    return answer;
  }

  private void withdraw() {
    for (Seat seat : seats.values()) {
      if (seat.tests.size() > 1 && seat.canTake()) {
        seat.dropping = true;
        decisions.add(new Decision.Drop(seat.worker));
      }
    }
  }

  /// Phased: the next group begins when nothing of the one before waits or runs.
  private void beginGroups() {
    if (policy.packed()) {
      return;
    }
    boolean idle = seats.values().stream().allMatch(Seat::isIdle);
    while (idle
        && (group < 0 || (backlog.tests(group) == 0 && exclusive.isEmpty()))
        && group < lastGroup()) {
      group++;
      if (backlog.tests(group) > 0) {
        decisions.add(new Decision.BeginGroup(group, cap(group)));
      }
    }
  }

  private int lastGroup() {
    return policy.caps().size() - 1;
  }

  private int cap(int g) {
    return Math.min(policy.caps().get(g), policy.workers());
  }

  private boolean isOpen(int g) {
    return policy.packed() || g == group;
  }

  private int wantedWorkers() {
    int waiting = 0;
    int cap = 0;
    for (int g = 0; g < policy.caps().size(); g++) {
      if (isOpen(g)) {
        waiting += Math.min(backlog.tests(g), cap(g));
        cap = Math.max(cap, backlog.tests(g) > 0 ? cap(g) : 0);
      }
    }
    int busy = (int) seats.values().stream().filter(seat -> !seat.isIdle()).count();
    int most = policy.packed() ? policy.workers() : group < 0 ? 0 : cap(group);
    int wanted = Math.min(most, waiting + busy);
    return wanted == 0 && !exclusive.isEmpty() ? 1 : wanted;
  }

  private void startWorkers() {
    int live = (int) seats.values().stream().filter(seat -> !seat.retiring && !seat.dying).count();
    int wanted = wantedWorkers();
    while (live < wanted) {
      boolean first = live == 0;
      boolean roomy =
          memory.state() == Memory.State.CALM
              && committed(null) + policy.workerBase().value() <= room();
      if (!first && !roomy) {
        return;
      }
      int worker = spare.isEmpty() ? nextWorker++ : lowestSpare();
      seats.put(worker, new Seat(worker));
      decisions.add(new Decision.StartWorker(worker, Math.max(wanted, 1)));
      live++;
    }
  }

  private int lowestSpare() {
    int lowest = spare.stream().min(Comparator.naturalOrder()).orElseThrow();
    spare.remove(lowest);
    return lowest;
  }

  private long room() {
    return memory.room().value();
  }

  /// What all workers but one may still grow by, in bytes.
  private long committed(@Nullable Seat but) {
    long sum = 0;
    for (Seat seat : seats.values()) {
      if (seat != but) {
        sum += seat.ready ? Math.max(0, seat.peak() - seat.growth) : policy.workerBase().value();
      }
    }
    return sum;
  }

  private boolean fits(Seat seat, long peak) {
    long lease = Math.max(0, Math.max(seat.peak(), peak) - seat.growth);
    return committed(seat) + lease <= room();
  }

  private void fill() {
    boolean given = true;
    while (given) {
      given = false;
      for (Seat seat : byLoad()) {
        if (seat.canTake() && seat.tests.size() <= 1 && !(policy.fresh() && !seat.isIdle())) {
          given |= feed(seat);
        }
      }
    }
  }

  /// Idle workers first, so that a second helping never takes what an idle worker could run.
  private List<Seat> byLoad() {
    return seats.values().stream()
        .sorted(Comparator.comparingInt(seat -> seat.tests.size()))
        .toList();
  }

  private boolean feed(Seat seat) {
    if (seats.values().stream().anyMatch(Seat::hasExclusive)) {
      return false;
    }
    boolean alone = seats.values().stream().allMatch(Seat::isIdle);
    var batch = new ArrayList<Integer>();
    long micros = 0;
    long target = batchMicros();
    while (batch.isEmpty() || (micros < target && batch.size() < MAX_BATCH && !policy.fresh())) {
      Unit unit = pick(seat, alone && batch.isEmpty());
      if (unit == null || (!batch.isEmpty() && unit.tests().size() > 1 && unit.micros() > target)) {
        break;
      }
      backlog.remove(unit);
      give(seat, unit);
      batch.addAll(unit.tests());
      micros += unit.micros();
    }
    if (batch.isEmpty() && alone && !exclusive.isEmpty() && nothingElse()) {
      Unit unit = exclusive.removeFirst();
      give(seat, unit);
      batch.addAll(unit.tests());
    }
    if (!batch.isEmpty()) {
      decisions.add(new Decision.Run(seat.worker, List.copyOf(batch)));
    }
    return !batch.isEmpty();
  }

  private void give(Seat seat, Unit unit) {
    if (seat.isIdle()) {
      seat.since = now;
    }
    seat.give(unit);
  }

  private boolean nothingElse() {
    return backlog.first(this::isOpen) == null;
  }

  /// A share of what waits that leaves work for the others, never above the configured batch.
  private long batchMicros() {
    long waiting = 0;
    for (int g = 0; g < policy.caps().size(); g++) {
      waiting += isOpen(g) ? backlog.micros(g) : 0;
    }
    return Math.min(policy.batchMicros(), waiting / (4L * Math.max(1, seats.size())));
  }

  private @Nullable Unit pick(Seat seat, boolean alone) {
    Unit first = backlog.first(g -> mayRun(g, seat));
    if (first == null || alone) {
      return first;
    }
    if (memory.state() != Memory.State.CALM) {
      return null;
    }
    if (fits(seat, first.peak().value())) {
      return first;
    }
    if (!first.equals(bypassed)) {
      bypassed = first;
      bypasses = 0;
    }
    if (bypasses >= MAX_BYPASSES) {
      return null;
    }
    Opening opening = openingFor(first);
    Unit later =
        backlog.first(
            g -> mayRun(g, seat),
            peak -> fits(seat, peak),
            unit ->
                now + seat.micros + unit.micros() <= opening.at()
                    || unit.peak().value() <= opening.spare());
    bypasses += later == null ? 0 : 1;
    return later;
  }

  private boolean mayRun(int g, Seat candidate) {
    if (!isOpen(g)) {
      return false;
    }
    int busy = 0;
    for (Seat seat : seats.values()) {
      busy += seat != candidate && seat.runs(g) ? 1 : 0;
    }
    return busy < cap(g);
  }

  /// When a unit could start, and what would be left beside it then.
  private record Opening(long at, long spare) {}

  private Opening openingFor(Unit unit) {
    long room = room() - committed(null) - unit.peak().value();
    long at = now;
    var busy = seats.values().stream().filter(seat -> !seat.isIdle());
    for (Seat seat : busy.sorted(Comparator.comparingLong(this::endOf)).toList()) {
      if (room >= 0) {
        break;
      }
      room += Math.max(seat.peak(), seat.growth);
      at = endOf(seat);
    }
    return new Opening(at, Math.max(0, room));
  }

  private long endOf(Seat seat) {
    return Math.max(now, seat.since + seat.micros);
  }

  /// When a worker idles and nothing waits, ask the fullest one for what it has not started.
  private void steal() {
    boolean idle = seats.values().stream().anyMatch(seat -> seat.canTake() && seat.isIdle());
    if (!idle || policy.fresh() || !nothingElse() || memory.state() != Memory.State.CALM) {
      return;
    }
    seats.values().stream()
        .filter(seat -> seat.canTake() && !seat.untouched().isEmpty())
        .max(Comparator.comparingLong(seat -> seat.micros))
        .ifPresent(seat -> {
          seat.dropping = true;
          decisions.add(new Decision.Drop(seat.worker));
        });
  }

  private void retire(Seat seat, String why) {
    if (!seat.retiring && !seat.dying) {
      seat.retiring = true;
      decisions.add(new Decision.Retire(seat.worker, why));
    }
  }

  private void retireSurplus() {
    int wanted = stopped ? 0 : wantedWorkers();
    int live = (int) seats.values().stream().filter(seat -> !seat.retiring && !seat.dying).count();
    boolean more =
        !stopped && left > 0 && (policy.packed() || group < lastGroup() || !exclusive.isEmpty());
    for (Seat seat : seats.descendingMap().values()) {
      boolean surplus = live > (more ? Math.max(1, wanted) : wanted);
      if (surplus && seat.ready && seat.isIdle() && !seat.retiring && !seat.dropping) {
        retire(seat, "");
        live--;
      }
    }
  }

  private boolean retireIdle(String why) {
    boolean any = false;
    boolean busy = seats.values().stream().anyMatch(seat -> !seat.isIdle());
    for (Seat seat : seats.values()) {
      if (busy && seat.canTake() && seat.isIdle()) {
        retire(seat, why);
        any = true;
      }
    }
    return any;
  }

  /// Kill the running test that is furthest above its lease, the newest of equals, never the oldest
  /// of all.
  private void preempt(String why) {
    if (seats.values().stream().anyMatch(seat -> seat.dying)) {
      return;
    }
    var running = seats.values().stream().filter(seat -> !seat.isIdle()).toList();
    var oldest = running.stream().min(Comparator.comparingLong(seat -> seat.since));
    running.stream()
        .filter(seat -> seat != oldest.orElseThrow())
        .max(
            Comparator.<Seat>comparingLong(seat -> seat.growth - seat.peak())
                .thenComparingLong(seat -> seat.since))
        .ifPresent(seat -> {
          seat.dying = true;
          decisions.add(new Decision.Preempt(seat.worker, seat.tests.getFirst(), why));
        });
  }
}
