package dev.plimsoll.verdict;

/// What our own journal says about a signal to the worker; it is written before the signal is sent.
public enum KillReason {
  /// We sent none.
  NONE,
  /// Killed to free memory; the test runs again alone.
  PREEMPTION,
  /// Killed because the test took more than the budget although it ran alone.
  OVERSIZE,
  /// Killed because the test took longer than its limit.
  TIMEOUT,
  /// Killed because its test could never go on, in a copy of the host.
  STUCK_IN_FORK,
  /// Killed because its test could never go on, in a process of its own.
  DEADLOCK,
  /// Killed because the run ends or was interrupted.
  STOP
}
