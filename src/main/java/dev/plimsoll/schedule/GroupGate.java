package dev.plimsoll.schedule;

import java.util.List;
import java.util.stream.IntStream;

/// Which groups may run now, what of them waits, and how many workers that is worth.
///
/// Phased: one group after another, each with its own number of workers. Packed: all at once, and
/// that number is how many tests of the group may run beside each other.
final class GroupGate {
  private final Policy policy;
  private final ReadyQueue readyQueue;
  private final WorkerPool pool;
  private final UnitSelector selector;

  /// The group that runs, phased; -1 before the first.
  private int current = -1;

  GroupGate(Policy policy, ReadyQueue readyQueue, WorkerPool pool, UnitSelector selector) {
    this.policy = policy;
    this.readyQueue = readyQueue;
    this.pool = pool;
    this.selector = selector;
  }

  /// Phased: the first group with tests begins when nothing of the one before waits or runs. Tests
  /// of an earlier group can arrive later from another machine.
  void begin(List<Decision> decisions) {
    if (!policy.isPacked() && isDone()) {
      IntStream.range(0, policy.caps().size())
          .filter(this::hasTests)
          .findFirst()
          .ifPresent(group -> {
            current = group;
            decisions.add(new Decision.BeginGroup(group, policy.cap(group)));
          });
    }
  }

  private boolean hasTests(int group) {
    return readyQueue.tests(group) > 0 || selector.hasExclusive(other -> other == group);
  }

  private boolean isDone() {
    return pool.isIdle() && (current < 0 || !hasTests(current));
  }

  private boolean isOpen(int group) {
    return policy.isPacked() || group == current;
  }

  private IntStream open() {
    return IntStream.range(0, policy.caps().size()).filter(this::isOpen);
  }

  /// Whether the worker may be given a test of the group beside what runs.
  boolean mayRun(int group, WorkerSlot candidate) {
    return isOpen(group)
        && pool.count(slot -> slot != candidate && slot.runs(group)) < policy.cap(group);
  }

  boolean nothingWaits() {
    return readyQueue.first(this::isOpen) == null;
  }

  int waitingTests() {
    return open().map(readyQueue::tests).sum();
  }

  /// Expected time of all that waits.
  long waitingMicros() {
    return open().mapToLong(readyQueue::micros).sum();
  }

  /// Expected time of all that waits, also in groups that have not begun.
  long allWaitingMicros() {
    return IntStream.range(0, policy.caps().size()).mapToLong(readyQueue::micros).sum();
  }

  /// The number of workers that the run was asked to use for its tests, the same for all of them:
  /// what a test sees, as under pytest-xdist, although fewer workers may start.
  int workerCount() {
    IntStream used = IntStream.range(0, policy.caps().size()).filter(g -> readyQueue.tests(g) > 0);
    return policy.isPacked() ? policy.workers() : used.map(policy::cap).max().orElse(1);
  }

  /// How many workers should live.
  int wantedWorkers() {
    int waiting = open().map(group -> Math.min(readyQueue.tests(group), policy.cap(group))).sum();
    int most = policy.isPacked() ? policy.workers() : current < 0 ? 0 : policy.cap(current);
    int wanted = Math.min(most, waiting + pool.count(slot -> !slot.isIdle()));
    return wanted == 0 && selector.hasExclusive(this::isOpen) ? 1 : wanted;
  }
}
