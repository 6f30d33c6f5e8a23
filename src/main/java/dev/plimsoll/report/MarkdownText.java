package dev.plimsoll.report;

/// Text of tests in Markdown.
final class MarkdownText {
  private MarkdownText() {}

  /// Text without a meaning in HTML or Markdown.
  static String escape(String text) {
    var safe = new StringBuilder(text.length());
    for (int at = 0; at < text.length(); at++) {
      char one = text.charAt(at);
      switch (one) {
        case '&' -> safe.append("&amp;");
        case '<' -> safe.append("&lt;");
        case '>' -> safe.append("&gt;");
        case '*', '`', '[', ']', '\\', '#', '~', '@', '|', '!' -> reference(one, safe);
        case '_' -> {
          if (isInWord(text, at)) {
            safe.append(one);
          } else {
            reference(one, safe);
          }
        }
        default -> safe.append(one);
      }
    }
    return safe.toString();
  }

  private static void reference(char one, StringBuilder safe) {
    safe.append("&#").append((int) one).append(';');
  }

  /// Between letters and digits an underscore begins and ends no emphasis: CommonMark 0.31, section
  /// 6.2.
  private static boolean isInWord(String text, int at) {
    return at > 0
        && at + 1 < text.length()
        && Character.isLetterOrDigit(text.charAt(at - 1))
        && Character.isLetterOrDigit(text.charAt(at + 1));
  }

  /// One line as code, which nothing in it can end.
  static String code(String text) {
    return "`" + TerminalText.clean(text).replace("`", "'") + "`";
  }
}
