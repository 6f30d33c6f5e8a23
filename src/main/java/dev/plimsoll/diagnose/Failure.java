package dev.plimsoll.diagnose;

import java.util.regex.Pattern;

/// Why a test failed.
///
/// @param cause the exception and its message in one line; empty when it is not known
public record Failure(String cause) {
  public static final Failure UNKNOWN = new Failure("");

  private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-fA-F]+");

  /// Identifiers and check sums: eight or more hexadecimal digits, one of them a number.
  private static final Pattern HEX = Pattern.compile("\\b(?=[a-f]*\\d)[0-9a-f]{8,}\\b");

  /// What Python's `tempfile` names its files.
  private static final Pattern TEMPORARY = Pattern.compile("\\btmp[a-z0-9_]{8}\\b");

  private static final Pattern NUMBER = Pattern.compile("\\d+");

  public boolean isKnown() {
    return !cause.isBlank();
  }

  /// Whether both have the same exception and message; addresses, numbers and generated names may
  /// differ. What is not known is not another failure.
  public boolean isSame(Failure other) {
    return !isKnown() || !other.isKnown() || normal().equals(other.normal());
  }

  private String normal() {
    String text = ADDRESS.matcher(cause.strip()).replaceAll("0");
    text = TEMPORARY.matcher(HEX.matcher(text).replaceAll("0")).replaceAll("0");
    return NUMBER.matcher(text).replaceAll("0");
  }
}
