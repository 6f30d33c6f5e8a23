package dev.plimsoll.apply;

import java.util.List;
import java.util.Optional;

/// A section of an ini file as pytest's reader (iniconfig) sees it: `#` and `;` begin a comment
/// only at the start of a line, a line that begins with a blank goes on with the value above it.
final class IniText {
  private final String text;
  private final List<Lines.Line> lines;
  private final int header;

  private IniText(String text, List<Lines.Line> lines, int header) {
    this.text = text;
    this.lines = lines;
    this.header = header;
  }

  static Optional<IniText> section(String text, String name) {
    List<Lines.Line> lines = Lines.of(text);
    for (int i = 0; i < lines.size(); i++) {
      if (isHeader(lines.get(i).of(text)) && nameOf(lines.get(i).of(text)).equals(name)) {
        return Optional.of(new IniText(text, lines, i));
      }
    }
    return Optional.empty();
  }

  private static boolean isHeader(String line) {
    return line.startsWith("[") && bare(line).endsWith("]");
  }

  private static String nameOf(String line) {
    String bare = bare(line);
    return bare.substring(1, bare.length() - 1);
  }

  private static String bare(String line) {
    return line.split("[#;]", 2)[0].stripTrailing();
  }

  private static boolean isComment(String line) {
    String content = line.strip();
    return content.isEmpty() || content.startsWith("#") || content.startsWith(";");
  }

  /// The line of the section's name.
  Lines.Line header() {
    return lines.get(header);
  }

  /// A value.
  ///
  /// @param text its lines, each stripped
  /// @param indent blanks before its last line when that goes on with a line above, else empty
  record Value(Excerpt text, String indent) {}

  Optional<Value> value(String key) {
    for (int i = header + 1; i < lines.size() && !isHeader(lines.get(i).of(text)); i++) {
      String line = lines.get(i).of(text);
      int sign = sign(line);
      boolean ours =
          !isComment(line)
              && !Character.isWhitespace(line.charAt(0))
              && sign > 0
              && line.substring(0, sign).strip().equals(key);
      if (ours) {
        return Optional.of(value(i, lines.get(i).start() + sign + 1));
      }
    }
    return Optional.empty();
  }

  /// The sign between key and value: `=`, unless a `:` comes before it.
  private static int sign(String line) {
    int equal = line.indexOf('=');
    int colon = line.indexOf(':');
    return equal < 0 || (colon >= 0 && colon < equal) ? colon : equal;
  }

  private Value value(int first, int start) {
    var value = new Excerpt.Builder();
    Lines.Line last = lines.get(first);
    String indent = "";
    stripped(value, start, last.end());
    for (int i = first + 1; i < lines.size(); i++) {
      String line = lines.get(i).of(text);
      if (isComment(line)) {
        continue;
      }
      if (!Character.isWhitespace(line.charAt(0))) {
        break;
      }
      last = lines.get(i);
      indent = line.substring(0, line.length() - line.stripLeading().length());
      value.add('\n', last.start());
      stripped(value, last.start(), last.end());
    }
    int end = last.start() + last.of(text).stripTrailing().length();
    return new Value(value.end(end), indent);
  }

  private void stripped(Excerpt.Builder value, int from, int to) {
    String part = text.substring(from, to);
    int start = from + part.length() - part.stripLeading().length();
    value.addAll(text, start, Math.max(start, from + part.stripTrailing().length()));
  }
}
