package dev.plimsoll.run.dispatch;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// How long workers took from being asked for to being ready.
final class StartTimes {
  private int count;
  private Duration total = Duration.ZERO;

  void add(Duration took) {
    count++;
    total = total.plus(took);
  }

  /// What isolation cost, for the user; empty when no worker has started.
  Optional<String> cost() {
    return count == 0
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "isolated: %d fresh processes, each ready after %.1f ms on average",
                count,
                total.toNanos() / 1e6 / count));
  }
}
