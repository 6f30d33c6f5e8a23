package dev.plimsoll.verdict;

/// Why a worker died.
public enum Cause {
  /// The kernel killed it for memory.
  OUT_OF_MEMORY("out of memory"),
  /// A program that watches memory killed it (earlyoom, systemd-oomd).
  MEMORY_DAEMON("killed by a memory daemon"),
  /// We killed it to free memory. Not a failure of its test.
  PREEMPTED("preempted"),
  /// We killed it because its test took more than the budget although it ran alone.
  TOO_LARGE("too large for the budget"),
  /// We killed it because its test took too long.
  TIMED_OUT("timed out"),
  /// We killed it because it could never go on, and forking may be the reason. Not a failure of its
  /// test.
  STUCK_IN_FORK("stuck in a fork"),
  /// We killed it because it could never go on, in a process of its own.
  DEADLOCKED("deadlocked"),
  /// We killed it, and not for the test that ran. Not a failure of its test.
  STOPPED("stopped"),
  /// SIGKILL, and nothing shows who sent it.
  KILLED("killed"),
  /// Another signal: a segmentation fault, an abort.
  SIGNAL("ended by a signal"),
  /// It exited, for instance with `os._exit`.
  EXIT("exited"),
  /// Nobody reported how it ended.
  VANISHED("vanished");

  private final String word;

  Cause(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }
}
