package dev.plimsoll.cli;

import dev.plimsoll.ui.SignalHandlers;
import java.time.Duration;
import java.util.List;

/// Calls back when the user presses Ctrl-C, or the process receives SIGTERM or loses its terminal,
/// instead of ending at once.
public final class Interrupts {
  /// How long running tests may take to finish after a SIGTERM. Docker, GitHub Actions and others
  /// send SIGKILL 7.5 to 10 s after it, and the report must be written before that.
  private static final Duration GRACE = Duration.ofSeconds(5);

  private Interrupts() {}

  /// Call an action instead of exiting.
  ///
  /// @param action is called at each Ctrl-C; at a SIGTERM or SIGHUP, after which no second one need
  ///   come, and again a few seconds later
  public static void call(Runnable action) {
    call(action, action);
  }

  /// The same with an action for each.
  ///
  /// @param atInterrupt is called at each Ctrl-C
  /// @param atEnd is called twice for a SIGTERM or SIGHUP
  public static void call(Runnable atInterrupt, Runnable atEnd) {
    SignalHandlers.on("INT", atInterrupt);
    for (String end : List.of("TERM", "HUP")) {
      SignalHandlers.on(end, () -> twice(atEnd));
    }
  }

  private static void twice(Runnable action) {
    action.run();
    try {
      Thread.sleep(GRACE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    action.run();
  }
}
