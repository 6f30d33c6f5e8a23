package dev.plimsoll.run.dispatch;

import dev.plimsoll.model.Shortage;
import dev.plimsoll.report.ShortageText;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// When to tell the user that memory keeps tests from starting: once it has done so for a while,
/// and not again soon.
final class HeldBack {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration SILENCE = Duration.ofMinutes(1);

  private @Nullable Instant since;
  private @Nullable Instant said;

  /// What to say now.
  ///
  /// @param why what keeps them from starting; empty when nothing does
  Optional<String> note(Optional<Shortage> why, Instant now) {
    if (why.isEmpty()) {
      since = null;
      return Optional.empty();
    }
    since = since == null ? now : since;
    boolean lasts = Duration.between(since, now).compareTo(PATIENCE) >= 0;
    boolean again = said == null || Duration.between(said, now).compareTo(SILENCE) >= 0;
    if (!lasts || !again) {
      return Optional.empty();
    }
    said = now;
    return Optional.of(
        "waiting for memory, no test starts: "
            + ShortageText.of(why.orElseThrow())
            + "; it continues once memory is free, and `plimsoll doctor` shows what else"
            + " uses it");
  }
}
