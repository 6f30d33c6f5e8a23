package dev.plimsoll.engine;

import dev.plimsoll.verdict.SignalNames;

/// Describes an exit code.
public final class ExitWords {
  private ExitWords() {}

  /// A code above 128 may stand for a signal, but the program may also have chosen it.
  public static String of(int status) {
    String code = "exit code " + status;
    return SignalNames.known(status - 128)
        .map(signal -> code + " (128 + " + signal + ", unless the program chose it)")
        .orElse(code);
  }
}
