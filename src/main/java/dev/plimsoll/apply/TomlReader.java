package dev.plimsoll.apply;

import java.util.ArrayList;
import java.util.List;

/// Reads the words of a TOML text one after another.
final class TomlReader {
  private final String text;
  private int index;

  TomlReader(String text) {
    this(text, text.startsWith(Lines.BOM) ? 1 : 0);
  }

  TomlReader(String text, int index) {
    this.text = text;
    this.index = index;
  }

  int index() {
    return index;
  }

  boolean atEnd() {
    return index >= text.length();
  }

  char peek() {
    if (atEnd()) {
      throw new Unreadable("it ends in the middle of something");
    }
    return text.charAt(index);
  }

  boolean take(char c) {
    boolean is = !atEnd() && text.charAt(index) == c;
    index += is ? 1 : 0;
    return is;
  }

  void expect(char c) {
    if (!take(c)) {
      long line =
          1
              + text.substring(0, Math.min(index, text.length()))
                  .chars()
                  .filter(feed -> feed == '\n')
                  .count();
      throw new Unreadable("line " + line + ": `" + c + "` was expected");
    }
  }

  void skipBlanks() {
    while (!atEnd() && (text.charAt(index) == ' ' || text.charAt(index) == '\t')) {
      index++;
    }
  }

  /// Skip blanks, line breaks and comments.
  void skipLines() {
    while (!atEnd() && (" \t\r\n".indexOf(text.charAt(index)) >= 0 || text.charAt(index) == '#')) {
      index = text.charAt(index) == '#' ? endOfLine() : index + 1;
    }
  }

  private int endOfLine() {
    int feed = text.indexOf('\n', index);
    return feed < 0 ? text.length() : feed;
  }

  /// The index after the line break of the current line.
  int lineEnd() {
    return Math.min(text.length(), endOfLine() + 1);
  }

  String keyPart() {
    if (peek() == '"' || peek() == '\'') {
      return string().text();
    }
    int start = index;
    while (!atEnd() && isBare(text.charAt(index))) {
      index++;
    }
    if (index == start) {
      expect('=');
    }
    return text.substring(start, index);
  }

  static boolean isBare(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-';
  }

  /// Skip a value that is no inline table at the top.
  void value() {
    switch (peek()) {
      case '"', '\'' -> string();
      case '[' -> array();
      case '{' -> inlineTable();
      default -> scalar();
    }
  }

  private void scalar() {
    int start = index;
    while (!atEnd() && ",]}#\r\n".indexOf(text.charAt(index)) < 0) {
      index++;
    }
    index = start + text.substring(start, index).stripTrailing().length();
    if (index == start) {
      throw new Unreadable("a value is missing");
    }
  }

  private void inlineTable() {
    expect('{');
    for (skipLines(); !take('}'); skipLines()) {
      if (!take(',') && !take('.') && !take('=')) {
        if (isBare(peek())) {
          keyOrScalar();
        } else {
          value();
        }
      }
    }
  }

  private void keyOrScalar() {
    int start = index;
    while (!atEnd() && ",}=.#\r\n \t".indexOf(text.charAt(index)) < 0) {
      index++;
    }
    if (index == start) {
      expect('}');
    }
  }

  /// The strings of an array at its top; other values in it are skipped.
  List<Excerpt> array() {
    var strings = new ArrayList<Excerpt>();
    expect('[');
    for (skipLines(); !take(']'); skipLines()) {
      if (!take(',')) {
        if (peek() == '"' || peek() == '\'') {
          strings.add(string());
        } else {
          value();
        }
      }
    }
    return strings;
  }

  /// A string of any of the four kinds, without quotes and escapes.
  Excerpt string() {
    char quote = peek();
    boolean many = text.startsWith(String.valueOf(quote).repeat(3), index);
    index += many ? 3 : 1;
    if (many && !take('\n') && text.startsWith("\r\n", index)) {
      index += 2;
    }
    var content = new Excerpt.Builder();
    while (!isEnd(quote, many)) {
      char c = peek();
      if (c == '\\' && quote == '"') {
        escape(content, many);
      } else {
        content.add(c, index++);
      }
    }
    Excerpt read = content.end(index);
    index += many ? 3 : 1;
    return read;
  }

  /// A multi-line string may end with up to two quotes of its own before the three that end it.
  private boolean isEnd(char quote, boolean many) {
    if (!many) {
      return peek() == quote;
    }
    String three = String.valueOf(quote).repeat(3);
    peek();
    return text.startsWith(three, index) && !text.startsWith(three, index + 1);
  }

  private void escape(Excerpt.Builder content, boolean many) {
    int start = index++;
    char c = peek();
    int plain = "btnfr\"\\e".indexOf(c);
    int digits = c == 'u' ? 4 : c == 'U' ? 8 : c == 'x' ? 2 : 0;
    if (plain >= 0) {
      index++;
      content.add("\b\t\n\f\r\"\\\u001b".substring(plain, plain + 1), start, index);
    } else if (digits > 0 && index + digits < text.length()) {
      int code = code(text.substring(index + 1, index + 1 + digits));
      index += 1 + digits;
      content.add(Character.toString(code), start, index);
    } else if (many && Character.isWhitespace(c)) {
      while (!atEnd() && Character.isWhitespace(text.charAt(index))) {
        index++;
      }
    } else {
      throw new Unreadable("`\\" + c + "` in a string");
    }
  }

  private static int code(String digits) {
    try {
      int code = Integer.parseUnsignedInt(digits, 16);
      if (Character.isValidCodePoint(code)) {
        return code;
      }
    } catch (NumberFormatException e) {
      throw new Unreadable("`" + digits + "` is no character");
    }
    throw new Unreadable("`" + digits + "` is no character");
  }
}
