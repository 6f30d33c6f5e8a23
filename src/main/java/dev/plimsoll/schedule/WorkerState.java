package dev.plimsoll.schedule;

/// Where a worker stands between its start and its end. One that is gone has no entry any more.
public enum WorkerState {
  /// Its process is not ready for tests yet.
  STARTING,
  /// It takes tests.
  READY,
  /// It was asked for the tests that it has not begun, and has not answered; it takes none.
  DRAINING,
  /// It ends after its tests.
  RETIRING,
  /// It is killed: for its test, or to free memory.
  KILLING
}
