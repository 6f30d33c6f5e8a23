package dev.plimsoll.model;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// An amount of memory in bytes. May be negative where it is a difference.
///
/// Text form: a decimal number and an optional unit `k`, `m`, `g` or `t` (powers of 1024, as in
/// `8g`, `512m`, `1.5GiB`); a bare number is bytes.
public record Bytes(long value) implements Comparable<Bytes> {
  public static final Bytes ZERO = new Bytes(0);

  private static final Pattern TEXT =
      Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*([kmgt]?)(?:i?b)?", Pattern.CASE_INSENSITIVE);
  private static final String UNITS = "kmgt";

  public static Bytes of(long bytes) {
    return new Bytes(bytes);
  }

  public static Bytes kib(long kib) {
    return new Bytes(kib << 10);
  }

  public static Bytes mib(long mib) {
    return new Bytes(mib << 20);
  }

  public static Bytes gib(long gib) {
    return new Bytes(gib << 30);
  }

  /// Parse a size such as `8g`, `512 MiB` or `1.5g`; empty when the text is no size.
  public static OptionalLong parse(String text) {
    var matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    int power =
        matcher.group(2).isEmpty()
            ? 0
            : 1 + UNITS.indexOf(matcher.group(2).toLowerCase(Locale.ROOT));
    double bytes = Double.parseDouble(matcher.group(1)) * Math.pow(1024, power);
    return bytes >= Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of((long) bytes);
  }

  public Bytes plus(Bytes other) {
    return new Bytes(value + other.value);
  }

  public Bytes minus(Bytes other) {
    return new Bytes(value - other.value);
  }

  public Bytes times(double factor) {
    return new Bytes((long) (value * factor));
  }

  public Bytes max(Bytes other) {
    return value >= other.value ? this : other;
  }

  public Bytes min(Bytes other) {
    return value <= other.value ? this : other;
  }

  public boolean isPositive() {
    return value > 0;
  }

  /// Whole mebibytes, rounded to the nearest.
  public long toMib() {
    return Math.round(value / (double) (1 << 20));
  }

  @Override
  public int compareTo(Bytes other) {
    return Long.compare(value, other.value);
  }

  /// A short form for people: `512 B`, `3.2 MiB`, `6.0 GiB`.
  @Override
  public String toString() {
    double amount = Math.abs((double) value);
    if (amount < 1024) {
      return value + " B";
    }
    String[] names = {"KiB", "MiB", "GiB", "TiB"};
    int unit = -1;
    while (amount >= 1024 && unit < names.length - 1) {
      amount /= 1024;
      unit++;
    }
    return String.format(
        Locale.ROOT, "%s%s %s", value < 0 ? "-" : "", oneDecimalBelowHundred(amount), names[unit]);
  }

  private static String oneDecimalBelowHundred(double amount) {
    return String.format(Locale.ROOT, amount < 99.95 ? "%.1f" : "%.0f", amount);
  }
}
