package dev.plimsoll.ui;

import java.time.Duration;
import java.time.Instant;

/// A running test.
record Running(String id, String worker, Instant start) {
  Duration age(Instant now) {
    Duration age = Duration.between(start, now);
    return age.isNegative() ? Duration.ZERO : age;
  }
}
