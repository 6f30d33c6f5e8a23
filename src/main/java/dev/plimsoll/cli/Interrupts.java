package dev.plimsoll.cli;

import dev.plimsoll.ui.Signals;

/// Calls back when the user presses Ctrl-C or the process is told to end, instead of ending at
/// once.
public final class Interrupts {
  private Interrupts() {}

  public static void call(Runnable action) {
    Signals.on("INT", action);
    Signals.on("TERM", action);
  }
}
