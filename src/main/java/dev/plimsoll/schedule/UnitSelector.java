package dev.plimsoll.schedule;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Choose the unit that a worker gets next.
///
/// The first unit in order is taken when it fits. When it does not, others are let past it as in
/// EASY backfilling (Lifka 1995, "The ANL/IBM SP scheduling system"): a later unit may start only
/// if it ends before the first one could start, or leaves enough headroom for it; after a number of
/// such bypasses nothing passes any more, so nobody starves. Units that must run alone wait until
/// nothing else is left.
///
/// While the running units keep all cores busy, one that waits most of its time passes those that
/// compute.
final class UnitSelector {
  private static final int MAX_BYPASSES = 64;

  private final ReadyQueue readyQueue;
  private final WorkerPool pool;
  private final Policy policy;
  private final ArrayDeque<Unit> exclusive = new ArrayDeque<>();
  private int bypasses;
  private @Nullable Unit bypassed;

  UnitSelector(ReadyQueue readyQueue, WorkerPool pool, Policy policy) {
    this.readyQueue = readyQueue;
    this.pool = pool;
    this.policy = policy;
  }

  void add(Unit unit) {
    if (unit.exclusive()) {
      exclusive.add(unit);
    } else {
      readyQueue.add(unit);
    }
  }

  /// Take a unit out that waits.
  void remove(Unit unit) {
    if (!exclusive.remove(unit)) {
      readyQueue.remove(unit);
    }
  }

  /// All units that wait, in the order of rank.
  List<Unit> waiting() {
    return Stream.concat(readyQueue.all(), exclusive.stream()).sorted(Unit.BY_RANK).toList();
  }

  /// Whether a unit of these groups must run alone.
  boolean hasExclusive(IntPredicate groups) {
    return exclusive.stream().anyMatch(unit -> groups.test(unit.group()));
  }

  /// Take a unit for a worker, beside what runs.
  ///
  /// @param groups groups that may give now
  /// @param wanted units that this worker may take
  /// @param alone nothing runs: the first unit is taken whether it fits or not
  Optional<Unit> take(
      WorkerSlot slot, IntPredicate groups, Predicate<Unit> wanted, boolean alone, long now) {
    Unit unit = find(slot, groups, wanted, alone, now);
    if (unit != null) {
      readyQueue.remove(unit);
    }
    return Optional.ofNullable(unit);
  }

  /// Take the next unit that must run alone; nothing runs.
  Optional<Unit> takeExclusive(WorkerSlot slot, IntPredicate groups) {
    Optional<Unit> next =
        exclusive.stream()
            .filter(unit -> groups.test(unit.group()))
            .findFirst()
            .filter(unit -> pool.mayBegin(slot, unit.peak().value()));
    next.ifPresent(exclusive::remove);
    return next;
  }

  private @Nullable Unit find(
      WorkerSlot slot, IntPredicate groups, Predicate<Unit> wanted, boolean alone, long now) {
    Unit first = readyQueue.first(groups);
    if (first == null || alone) {
      return first != null && pool.mayBegin(slot, first.peak().value()) ? first : null;
    }
    if (!pool.isCalm()) {
      return null;
    }
    if (!pool.fits(slot, first.peak().value())) {
      return bypass(first, slot, groups, wanted, now);
    }
    if (!hasCore(slot, first)) {
      return readyQueue.first(
          groups, peak -> pool.fits(slot, peak), unit -> wanted.test(unit) && hasCore(slot, unit));
    }
    // What only an idle worker may take goes to the next one that is: a busy one that was given
    // more instead would never be idle.
    return wanted.test(first) ? first : null;
  }

  private @Nullable Unit bypass(
      Unit first, WorkerSlot slot, IntPredicate groups, Predicate<Unit> wanted, long now) {
    if (!first.equals(bypassed)) {
      bypassed = first;
      bypasses = 0;
    }
    if (bypasses >= MAX_BYPASSES) {
      return null;
    }
    WorkerPool.Opening opening = pool.openingFor(first, now);
    Unit later =
        readyQueue.first(
            groups,
            peak -> pool.fits(slot, peak),
            unit ->
                wanted.test(unit)
                    && hasCore(slot, unit)
                    && passes(unit, opening, now + slot.micros));
    bypasses += later == null ? 0 : 1;
    return later;
  }

  private boolean hasCore(WorkerSlot slot, Unit unit) {
    return unit.waits() || pool.hasIdleCore(slot, policy.cores().get(unit.group()));
  }

  private static boolean passes(Unit unit, WorkerPool.Opening opening, long start) {
    return start + unit.micros() <= opening.at() || unit.peak().value() <= opening.spare();
  }
}
