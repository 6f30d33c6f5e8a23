package dev.plimsoll.report;

/// Colours of text for people, or none. The text says the same without them.
///
/// @param colour whether to write ANSI colour sequences
/// @param unicode whether bars and marks may use characters beyond ASCII
public record Style(boolean colour, boolean unicode) {
  public static final Style PLAIN = new Style(false, true);

  public String red(String text) {
    return paint("31", text);
  }

  public String green(String text) {
    return paint("32", text);
  }

  public String yellow(String text) {
    return paint("33", text);
  }

  public String dim(String text) {
    return paint("2", text);
  }

  public String bold(String text) {
    return paint("1", text);
  }

  private String paint(String code, String text) {
    return colour && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }

  /// A bar of `cells` cells of which the given share is filled.
  public String bar(double share, int cells) {
    int full = (int) Math.round(Math.clamp(share, 0, 1) * cells);
    String on = unicode ? "█" : "#";
    String off = unicode ? "░" : ".";
    return on.repeat(full) + off.repeat(Math.max(0, cells - full));
  }
}
