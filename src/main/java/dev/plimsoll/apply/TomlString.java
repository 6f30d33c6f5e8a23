package dev.plimsoll.apply;

/// Reads a string of a TOML text that a parser has accepted, with the place of each character.
final class TomlString {
  private final String text;
  private int index;

  private TomlString(String text, int index) {
    this.text = text;
    this.index = index;
  }

  /// A string of any of the four kinds, without quotes and escapes.
  ///
  /// @param start index of its first quote
  static Excerpt read(String text, int start) {
    return new TomlString(text, start).string();
  }

  private Excerpt string() {
    char quote = text.charAt(index);
    String end = String.valueOf(quote);
    boolean many = text.startsWith(end.repeat(3), index);
    end = many ? end.repeat(3) : end;
    index += end.length();
    if (many) {
      index += text.startsWith("\r\n", index) ? 2 : text.charAt(index) == '\n' ? 1 : 0;
    }
    var content = new Excerpt.Builder();
    while (!ends(end)) {
      if (text.charAt(index) == '\\' && quote == '"') {
        escape(content);
      } else {
        content.add(text.charAt(index), index++);
      }
    }
    return content.end(index);
  }

  /// A multi-line string may end with up to two quotes of its own before the three that end it.
  private boolean ends(String quotes) {
    boolean more = quotes.length() > 1 && text.startsWith(quotes, index + 1);
    return text.startsWith(quotes, index) && !more;
  }

  private void escape(Excerpt.Builder content) {
    int start = index++;
    char c = text.charAt(index);
    int plain = "btnfr\"\\e".indexOf(c);
    int digits = c == 'u' ? 4 : c == 'U' ? 8 : c == 'x' ? 2 : 0;
    if (plain >= 0) {
      index++;
      content.add("\b\t\n\f\r\"\\\u001b".substring(plain, plain + 1), start, index);
    } else if (digits > 0) {
      int code = Integer.parseInt(text, index + 1, index + 1 + digits, 16);
      index += 1 + digits;
      content.add(Character.toString(code), start, index);
    } else {
      while (Character.isWhitespace(text.charAt(index))) {
        index++;
      }
    }
  }
}
