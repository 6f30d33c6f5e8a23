package dev.plimsoll.verdict;

/// How a process ended, as far as whoever waited for it can tell.
public sealed interface ProcessEnd {
  /// Ended by a signal, reported as such by the parent that waited.
  record Signal(int number) implements ProcessEnd {}

  /// Exited with this status, even if it is 137.
  record Exit(int status) implements ProcessEnd {}

  /// A status above 128 from a waiter that cannot tell a signal from an exit status (Java's
  /// `waitFor`, a shell).
  record SignalOrExit(int status) implements ProcessEnd {}

  /// Gone without any report, for instance because the host died with it.
  record Unreported() implements ProcessEnd {}

  /// The ending behind a status as Java's `Process.waitFor` gives it.
  static ProcessEnd ofStatus(int status) {
    return status > 128 && status <= 128 + 64 ? new SignalOrExit(status) : new Exit(status);
  }

  /// Whether this can be the work of `signal`.
  default boolean mayBe(int signal) {
    return switch (this) {
      case Signal(int number) -> number == signal;
      case SignalOrExit(int status) -> status == 128 + signal;
      case Unreported() -> true;
      case Exit(int status) -> false;
    };
  }
}
