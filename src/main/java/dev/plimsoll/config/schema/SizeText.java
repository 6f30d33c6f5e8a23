package dev.plimsoll.config.schema;

import dev.plimsoll.model.Bytes;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// Reads and writes sizes and percentages.
final class SizeText {
  /// The smallest valid size. `memory = 8` lacks a unit; nobody means 8 bytes.
  private static final long SMALLEST = 1 << 20;

  private static final Pattern PERCENT = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,6})?)\\s*%");

  private SizeText() {}

  static Optional<Bytes> size(Object value) {
    OptionalLong bytes =
        switch (value) {
          case Long number -> OptionalLong.of(number);
          case String text -> Bytes.parse(text);
          default -> OptionalLong.empty();
        };
    return bytes.isPresent() && bytes.getAsLong() >= SMALLEST
        ? Optional.of(Bytes.of(bytes.getAsLong()))
        : Optional.empty();
  }

  /// The shortest exact form: `8g`, `1536m`, or bytes.
  static Object write(Bytes size) {
    String[] units = {"t", "g", "m", "k"};
    for (int i = 0; i < units.length; i++) {
      int shift = 10 * (units.length - i);
      if (size.value() != 0 && size.value() % (1L << shift) == 0) {
        return (size.value() >> shift) + units[i];
      }
    }
    return size.value();
  }

  static Optional<Double> percent(Object value) {
    if (!(value instanceof String text)) {
      return Optional.empty();
    }
    var matcher = PERCENT.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    double percent = Double.parseDouble(matcher.group(1));
    return percent <= 100 ? Optional.of(percent / 100) : Optional.empty();
  }

  static Object writePercent(double share) {
    String digits = String.format(Locale.ROOT, "%.6f", share * 100);
    return digits.replaceFirst("\\.?0+$", "") + "%";
  }

  static Optional<MemoryShare> share(Object value) {
    if (value.equals("auto")) {
      return Optional.of(new MemoryShare.Auto());
    }
    return percent(value)
        .filter(fraction -> fraction > 0)
        .<MemoryShare>map(MemoryShare.Fraction::new)
        .or(() -> size(value).map(MemoryShare.Size::new));
  }

  static Object writeShare(MemoryShare share) {
    return switch (share) {
      case MemoryShare.Auto _ -> "auto";
      case MemoryShare.Size size -> write(size.value());
      case MemoryShare.Fraction fraction -> writePercent(fraction.value());
    };
  }
}
