package dev.plimsoll.model;

import java.time.Duration;
import java.time.Instant;

/// An attempt of a test before its last one.
///
/// @param outcome how it ended; `CRASHED` when its worker died or was killed
/// @param worker empty when it is not known
/// @param start `Instant.EPOCH` when it is not known
/// @param reason why it does not count, in one line
/// @param text failure with its captured output, ready to print; may be empty
public record Attempt(
    Outcome outcome, String worker, Instant start, Duration duration, String reason, String text) {
  /// Whether the test itself failed, and not its worker.
  public boolean failed() {
    return outcome == Outcome.FAILED || outcome == Outcome.ERROR;
  }
}
