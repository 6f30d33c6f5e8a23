package dev.plimsoll.verdict;

/// Why a worker died.
public enum Cause {
  /// The kernel killed it for memory.
  OUT_OF_MEMORY,
  /// A program that watches memory killed it (earlyoom, systemd-oomd).
  MEMORY_DAEMON,
  /// We killed it to free memory. Not a failure of its test.
  PREEMPTED,
  /// We killed it because its test took more than the budget although it ran alone.
  TOO_LARGE,
  /// We killed it because its test took too long.
  TIMED_OUT,
  /// We killed it because it could never go on, and forking may be the reason. Not a failure of its
  /// test.
  STUCK_IN_FORK,
  /// We killed it because it could never go on, in a process of its own.
  DEADLOCKED,
  /// We killed it, and not for the test that ran. Not a failure of its test.
  STOPPED,
  /// SIGKILL, and nothing shows who sent it.
  KILLED,
  /// Another signal: a segmentation fault, an abort.
  SIGNAL,
  /// It exited, for instance with `os._exit`.
  EXIT,
  /// Nobody reported how it ended.
  VANISHED
}
