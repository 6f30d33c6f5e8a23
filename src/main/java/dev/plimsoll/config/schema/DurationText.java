package dev.plimsoll.config.schema;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads and writes durations: `500ms`, `30s`, `1m30s`, `2h`.
final class DurationText {
  private static final String NUMBER = "([0-9]{1,9}(?:\\.[0-9]{1,9})?)";
  private static final Pattern TEXT =
      Pattern.compile(
          "(?:%1$sh)?\\s*(?:%1$sm(?:in)?)?\\s*(?:%1$ss)?\\s*(?:%1$sms)?".formatted(NUMBER));
  private static final double[] MILLIS = {3_600_000, 60_000, 1_000, 1};

  private DurationText() {}

  static Optional<Duration> read(Object value) {
    double millis =
        switch (value) {
          case Long seconds -> seconds * 1_000.0;
          case Double seconds -> seconds * 1_000.0;
          case String text -> millis(text.strip());
          default -> 0;
        };
    boolean usable = millis >= 1 && millis < 1e12;
    return usable ? Optional.of(Duration.ofMillis(Math.round(millis))) : Optional.empty();
  }

  private static double millis(String text) {
    var matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return 0;
    }
    double millis = 0;
    for (int i = 0; i < MILLIS.length; i++) {
      String digits = matcher.group(i + 1);
      millis += digits == null ? 0 : Double.parseDouble(digits) * MILLIS[i];
    }
    return millis;
  }

  static Object write(Duration duration) {
    var text = new StringBuilder();
    part(text, duration.toHours(), "h");
    part(text, duration.toMinutesPart(), "m");
    part(text, duration.toSecondsPart(), "s");
    part(text, duration.toMillisPart(), "ms");
    return text.isEmpty() ? "0s" : text.toString();
  }

  private static void part(StringBuilder text, long amount, String unit) {
    if (amount > 0) {
      text.append(amount).append(unit);
    }
  }
}
