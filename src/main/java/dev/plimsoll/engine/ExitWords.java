package dev.plimsoll.engine;

import java.util.Map;

/// What an exit code tells.
public final class ExitWords {
  private static final Map<Integer, String> SIGNALS =
      Map.of(
          1, "SIGHUP",
          2, "SIGINT",
          6, "SIGABRT",
          9, "SIGKILL",
          10, "SIGUSR1",
          11, "SIGSEGV",
          12, "SIGUSR2",
          15, "SIGTERM");

  private ExitWords() {}

  /// A code above 128 may be a signal's, and may as well be the program's own choice.
  public static String of(int status) {
    String signal = SIGNALS.get(status - 128);
    return signal == null
        ? "exit code " + status
        : "exit code " + status + " (what " + signal + " gives, if the program did not choose it)";
  }
}
