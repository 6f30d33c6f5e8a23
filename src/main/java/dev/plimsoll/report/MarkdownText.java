package dev.plimsoll.report;

/// Text of tests in Markdown.
final class MarkdownText {
  private MarkdownText() {}

  /// Text without a meaning in HTML or Markdown.
  static String escape(String text) {
    var safe = new StringBuilder(text.length());
    text.codePoints()
        .forEach(point -> {
          switch (point) {
            case '&' -> safe.append("&amp;");
            case '<' -> safe.append("&lt;");
            case '>' -> safe.append("&gt;");
            case '*', '_', '`', '[', ']', '\\', '#', '~', '@', '|', '!' ->
                safe.append("&#").append(point).append(';');
            default -> safe.appendCodePoint(point);
          }
        });
    return safe.toString();
  }

  /// One line as code, which nothing in it can end.
  static String code(String text) {
    return "`" + TerminalText.clean(text).replace("`", "'") + "`";
  }
}
