package dev.plimsoll.schedule;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Shortage;
import java.util.List;

/// What the scheduler wants done, in this order.
public sealed interface Decision {
  record StartWorker(int worker, int count) implements Decision {}

  record Run(int worker, List<Integer> tests) implements Decision {}

  /// Ask for the tests that have not started.
  record Drop(int worker) implements Decision {}

  /// Let the worker finish what it has and end.
  ///
  /// @param kept what it still holds after its tests, when that is why; else zero
  record Retire(int worker, Bytes kept) implements Decision {}

  /// Kill the worker to free memory; its test runs again later.
  record Preempt(int worker, int test, Shortage why) implements Decision {}

  /// A group's tests begin (phased mode).
  record BeginGroup(int group, int workers) implements Decision {}

  /// Everything is done, or stopped, and all workers are gone.
  record Finish() implements Decision {}
}
