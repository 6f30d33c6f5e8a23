package dev.plimsoll.schedule;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Shortage;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The workers that live, what they hold, and the memory they share.
final class WorkerPool {
  /// The share of its time from which a test counts as one that computes all the time.
  private static final double NEARLY_ALL = 0.9;

  private final TreeMap<Integer, WorkerSlot> slots = new TreeMap<>();
  private final Set<Integer> spare = new HashSet<>();
  private final long workerBase;
  private final Reservations reservations;
  private Memory memory;
  private long granted;
  private long denied = Long.MAX_VALUE;
  private boolean waits;
  private int next;

  WorkerPool(Bytes workerBase, Bytes headroom, Reservations reservations) {
    this.workerBase = workerBase.value();
    this.reservations = reservations;
    this.memory = new Memory(headroom, Map.of(), Map.of(), Memory.State.CALM, Optional.empty());
  }

  /// A new worker with the lowest free number.
  WorkerSlot open() {
    int number =
        spare.isEmpty() ? next++ : spare.stream().min(Comparator.naturalOrder()).orElseThrow();
    spare.remove(number);
    WorkerSlot slot = new WorkerSlot(number);
    slots.put(number, slot);
    return slot;
  }

  Optional<WorkerSlot> close(int worker) {
    WorkerSlot slot = slots.remove(worker);
    if (slot != null) {
      spare.add(worker);
    }
    return Optional.ofNullable(slot);
  }

  WorkerSlot slot(int worker) {
    WorkerSlot slot = slots.get(worker);
    if (slot == null) {
      throw new IllegalStateException("no worker " + worker);
    }
    return slot;
  }

  Optional<WorkerSlot> find(int worker) {
    return Optional.ofNullable(slots.get(worker));
  }

  Collection<WorkerSlot> slots() {
    return slots.values();
  }

  /// The newest numbers first.
  Collection<WorkerSlot> newestFirst() {
    return slots.descendingMap().values();
  }

  /// Idle workers first, so that a second helping never takes what an idle worker could run.
  List<WorkerSlot> byLoad() {
    return slots.values().stream()
        .sorted((a, b) -> Integer.compare(a.tests.size(), b.tests.size()))
        .toList();
  }

  boolean isEmpty() {
    return slots.isEmpty();
  }

  boolean isIdle() {
    return slots.values().stream().allMatch(WorkerSlot::isIdle);
  }

  /// How many workers are such.
  int count(Predicate<WorkerSlot> such) {
    return (int) slots.values().stream().filter(such).count();
  }

  boolean any(Predicate<WorkerSlot> such) {
    return slots.values().stream().anyMatch(such);
  }

  // ---- processors

  /// Whether the tests of all workers but this one leave one of so many cores idle. A test that
  /// computes nearly all the time counts as one core: the rest is the noise of the measurement.
  boolean hasIdleCore(WorkerSlot but, double all) {
    if (all == Double.POSITIVE_INFINITY) {
      return true;
    }
    double busy = 0;
    for (WorkerSlot slot : slots.values()) {
      double cores = slot == but ? 0 : slot.cores();
      busy += cores >= NEARLY_ALL ? Math.max(1, cores) : cores;
    }
    return busy < all;
  }

  // ---- memory

  void sense(Memory sample) {
    memory = sample;
    for (WorkerSlot slot : slots.values()) {
      slot.growth = sample.growth().getOrDefault(slot.worker, Bytes.ZERO).value();
    }
    granted = committed(null);
    denied = Long.MAX_VALUE;
    reservations.publish(Bytes.of(granted), !isIdle());
  }

  boolean isCalm() {
    return memory.state() == Memory.State.CALM;
  }

  /// Why memory is not calm; empty when it is.
  Optional<Shortage> whyShort() {
    return memory.why();
  }

  /// What all tests together may hold, in bytes, by the last look.
  long room() {
    return memory.headroom().value() + slots.values().stream().mapToLong(slot -> slot.growth).sum();
  }

  /// What all workers but one may still grow by, in bytes.
  private long committed(@Nullable WorkerSlot but) {
    long sum = 0;
    for (WorkerSlot slot : slots.values()) {
      if (slot != but) {
        sum +=
            slot.state != WorkerState.STARTING
                ? Math.max(0, slot.peak() - slot.growth)
                : workerBase;
      }
    }
    return sum;
  }

  /// Whether there is headroom for one more worker.
  boolean fitsWorker() {
    return isCalm() && committed(null) + workerBase <= memory.headroom().value();
  }

  /// Whether a worker may take a test of this peak beside what runs.
  boolean fits(WorkerSlot slot, long peak) {
    long total = committedWith(slot, peak);
    return total <= memory.headroom().value() && isGranted(total, false);
  }

  /// Whether a worker may take a test of this peak when nothing runs: only other runs can be in the
  /// way.
  boolean mayBegin(WorkerSlot slot, long peak) {
    waits = !isGranted(committedWith(slot, peak), true);
    return !waits;
  }

  /// Whether nothing runs because other runs use what the next test needs.
  boolean waitsForOthers() {
    return waits;
  }

  private long committedWith(WorkerSlot slot, long peak) {
    return committed(slot) + Math.max(0, Math.max(slot.peak(), peak) - slot.growth);
  }

  /// The word of the other runs, asked for only when this one wants more than it was granted, and
  /// not again between two looks when it was less that they denied.
  private boolean isGranted(long total, boolean idle) {
    if (total > granted && total < denied) {
      if (reservations.claim(Bytes.of(total), memory.headroom(), idle)) {
        granted = total;
      } else {
        denied = total;
      }
    }
    return total <= granted;
  }

  /// When a unit could start, and what would be left beside it then.
  record Opening(long at, long spare) {}

  Opening openingFor(Unit unit, long now) {
    long headroom = memory.headroom().value() - committed(null) - unit.peak().value();
    long at = now;
    var busy = slots.values().stream().filter(slot -> !slot.isIdle());
    for (WorkerSlot slot : busy.sorted((a, b) -> Long.compare(a.end(now), b.end(now))).toList()) {
      if (headroom >= 0) {
        break;
      }
      headroom += Math.max(slot.peak(), slot.growth);
      at = slot.end(now);
    }
    return new Opening(at, Math.max(0, headroom));
  }

  /// By what they hold above their lease, the newest last of equals.
  private static int byExcess(WorkerSlot a, WorkerSlot b) {
    int excess = Long.compare(a.excess(), b.excess());
    return excess != 0 ? excess : Long.compare(a.since, b.since);
  }

  /// The worker to give up under pressure: the one furthest above its lease, the newest of equals.
  /// The one whose test runs longest is never given up for what others take, so that something
  /// always gets done; it is only when it alone is above its lease, or runs alone and holds most of
  /// the memory, and its end would help. None while another is dying.
  Optional<WorkerSlot> victim(Policy policy) {
    if (any(slot -> slot.state == WorkerState.KILLING)) {
      return Optional.empty();
    }
    var running = slots.values().stream().filter(slot -> !slot.isIdle()).toList();
    var oldest = running.stream().min((a, b) -> Long.compare(a.since, b.since));
    var other =
        running.stream().filter(slot -> slot != oldest.orElseThrow()).max(WorkerPool::byExcess);
    if (other.filter(slot -> slot.excess() > 0).isPresent()) {
      return other;
    }
    boolean alone = running.size() == 1;
    boolean spared = policy.oversize() && alone;
    return oldest
        .filter(slot -> !spared && isCause(slot, alone, policy.capacity()))
        .or(() -> other);
  }

  /// Whether a test took more than it was thought to, or was given all there is, or holds most of
  /// that with nothing beside it, and its end would bring the run back into its budget.
  private boolean isCause(WorkerSlot slot, boolean alone, Bytes capacity) {
    boolean all = slot.hasExclusive() || slot.peak() >= capacity.value();
    boolean most = alone && slot.growth > capacity.value() / 2;
    boolean more = slot.excess() > 0 || all || most;
    return more && slot.growth + memory.headroom().value() > 0;
  }
}
