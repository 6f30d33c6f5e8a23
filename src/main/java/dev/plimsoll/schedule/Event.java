package dev.plimsoll.schedule;

import java.util.List;

/// What happened, for the scheduler. Workers and tests are numbers; moments are microseconds since
/// the run began.
public sealed interface Event {
  /// A worker that was asked for is ready to run tests.
  record Ready(int worker) implements Event {}

  /// A test ended in its worker, whatever its outcome.
  record Done(int worker, int test) implements Event {}

  /// A test ended in its worker and runs again, with nothing beside it.
  record Repeated(int worker, int test) implements Event {}

  /// Tests came back from a worker before they started.
  record Dropped(int worker, List<Integer> tests) implements Event {}

  /// A worker's process is gone.
  ///
  /// @param running test it was running, -1 for none
  /// @param again what becomes of that test
  /// @param peak memory that was seen of it in bytes, a lower bound
  record Gone(int worker, int running, Again again, long peak) implements Event {}

  /// Memory was sampled.
  record Sensed(Memory memory) implements Event {}

  /// Tests that several machines share are to run here.
  ///
  /// @param alone whether nothing may run beside them
  record Given(List<Integer> tests, boolean alone) implements Event {}

  /// Tests that wait here run on another machine instead.
  record Withdrawn(List<Integer> tests) implements Event {}

  /// No test arrives any more.
  record NoMore() implements Event {}

  /// No further test may start; those that run may finish.
  record Stop() implements Event {}

  /// What becomes of the test that ran when its worker went.
  enum Again {
    /// Not at all: it is reported as it is.
    NO,
    /// In its place, with a raised estimate.
    RESERVED,
    /// With nothing beside it, with a raised estimate.
    ALONE
  }
}
