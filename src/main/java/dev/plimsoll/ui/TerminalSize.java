package dev.plimsoll.ui;

/// Columns and rows of a terminal.
public record TerminalSize(int columns, int rows) {
  /// The classic size.
  public static final TerminalSize CLASSIC = new TerminalSize(80, 24);
}
