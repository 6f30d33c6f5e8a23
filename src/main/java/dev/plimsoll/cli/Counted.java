package dev.plimsoll.cli;

import java.util.Locale;

/// A number with its noun: `1 file`, `1,900 files`.
public final class Counted {
  private Counted() {}

  public static String of(long count, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", count, noun, count == 1 ? "" : "s");
  }
}
