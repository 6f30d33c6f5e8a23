package dev.plimsoll.report;

/// Words of a POSIX shell's command line.
public final class ShellWord {
  private ShellWord() {}

  /// The text as one word, in which nothing has a meaning for the shell.
  public static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
