package dev.plimsoll.engine;

import dev.plimsoll.verdict.SignalNames;

/// What an exit code tells.
public final class ExitWords {
  private ExitWords() {}

  /// A code above 128 may be a signal's, and may as well be the program's own choice.
  public static String of(int status) {
    String told = "exit code " + status;
    return SignalNames.known(status - 128)
        .map(signal -> told + " (what " + signal + " gives, if the program did not choose it)")
        .orElse(told);
  }
}
