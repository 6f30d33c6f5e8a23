package dev.plimsoll.schedule;

import java.util.List;
import java.util.stream.IntStream;

/// Which groups may run now, what of them waits, and how many workers that is worth.
///
/// Phased: one group after another, each with its own number of workers. Packed: all at once, and
/// that number is how many tests of the group may run beside each other.
final class OpenGroups {
  private final Policy policy;
  private final Backlog backlog;
  private final Floor floor;
  private final Picker picker;

  /// The group that runs, phased; -1 before the first.
  private int current = -1;

  OpenGroups(Policy policy, Backlog backlog, Floor floor, Picker picker) {
    this.policy = policy;
    this.backlog = backlog;
    this.floor = floor;
    this.picker = picker;
  }

  /// Phased: the next group begins when nothing of the one before waits or runs.
  void begin(List<Decision> decisions) {
    int last = policy.caps().size() - 1;
    while (!policy.packed() && current < last && isDone()) {
      current++;
      if (backlog.tests(current) > 0) {
        decisions.add(new Decision.BeginGroup(current, cap(current)));
      }
    }
  }

  private boolean isDone() {
    return floor.isIdle()
        && (current < 0 || (backlog.tests(current) == 0 && !picker.hasExclusive()));
  }

  private int cap(int group) {
    return Math.min(policy.caps().get(group), policy.workers());
  }

  private boolean isOpen(int group) {
    return policy.packed() || group == current;
  }

  private IntStream open() {
    return IntStream.range(0, policy.caps().size()).filter(this::isOpen);
  }

  /// Whether the worker may be given a test of the group beside what runs.
  boolean mayRun(int group, Seat candidate) {
    return isOpen(group) && floor.count(seat -> seat != candidate && seat.runs(group)) < cap(group);
  }

  boolean nothingWaits() {
    return backlog.first(this::isOpen) == null;
  }

  int waitingTests() {
    return open().map(backlog::tests).sum();
  }

  /// Expected time of all that waits.
  long waitingMicros() {
    return open().mapToLong(backlog::micros).sum();
  }

  /// How many workers should live.
  int wantedWorkers() {
    int waiting = open().map(group -> Math.min(backlog.tests(group), cap(group))).sum();
    int most = policy.packed() ? policy.workers() : current < 0 ? 0 : cap(current);
    int wanted = Math.min(most, waiting + floor.count(seat -> !seat.isIdle()));
    return wanted == 0 && picker.hasExclusive() ? 1 : wanted;
  }
}
