package dev.plimsoll.apply;

import java.util.ArrayList;
import java.util.List;

/// The lines of a text as it is.
final class Lines {
  static final String BOM = "\ufeff";

  private Lines() {}

  /// A line.
  ///
  /// @param end index after its text, before its line break
  /// @param next index after its line break
  record Line(int start, int end, int next) {
    String of(String text) {
      return text.substring(start, end);
    }
  }

  /// The lines; a byte order mark is part of none.
  static List<Line> of(String text) {
    var lines = new ArrayList<Line>();
    int start = text.startsWith(BOM) ? 1 : 0;
    while (start < text.length()) {
      int feed = text.indexOf('\n', start);
      int next = feed < 0 ? text.length() : feed + 1;
      int end = feed < 0 ? next : feed;
      lines.add(new Line(start, end > start && text.charAt(end - 1) == '\r' ? end - 1 : end, next));
      start = next;
    }
    return lines;
  }

  /// The line break that the text uses first, `\n` when it has none.
  static String newline(String text) {
    int feed = text.indexOf('\n');
    return feed > 0 && text.charAt(feed - 1) == '\r' ? "\r\n" : "\n";
  }

  /// Put a block of lines after a text, with a blank line between.
  ///
  /// @param block lines that end with `\n`
  static String append(String text, String block) {
    String newline = newline(text);
    String own = block.replace("\n", newline);
    boolean empty = text.isEmpty() || text.equals(BOM);
    String gap = empty ? "" : text.endsWith("\n") ? newline : newline + newline;
    return text + gap + own;
  }
}
