package dev.plimsoll.apply;

import java.util.List;
import java.util.Optional;

/// Sets values in a TOML text: in place where a key stands already, else beside its neighbours.
public final class TomlEdit {
  private final String text;
  private final TomlText toml;
  private final String newline;

  private TomlEdit(String text) {
    this.text = text;
    this.toml = TomlText.of(text);
    this.newline = Lines.newline(text);
  }

  /// Set one value.
  ///
  /// @param path names of the tables and of the key
  /// @param value as TOML writes it
  /// @throws Unreadable when the text is not TOML
  public static String set(String text, List<String> path, String value) {
    return new TomlEdit(text).set(path, value).in(text);
  }

  /// A text as a TOML string.
  public static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private Splice set(List<String> path, String value) {
    Optional<TomlText.Value> own =
        toml.values().stream().filter(v -> v.path().equals(path)).findFirst();
    if (own.isPresent()) {
      return new Splice(own.get().start(), own.get().end(), value);
    }
    List<String> parent = path.subList(0, path.size() - 1);
    String pair = key(path.getLast()) + " = " + value;
    return inTable(parent, pair)
        .or(() -> inInlineTable(parent, pair))
        .or(() -> besideDotted(parent, pair))
        .orElseGet(() -> newTable(parent, pair));
  }

  private Optional<Splice> inTable(List<String> parent, String pair) {
    return toml.tables().stream()
        .filter(table -> table.path().equals(parent) && !parent.isEmpty())
        .findFirst()
        .map(table -> line(table.bodyEnd(), indent(table) + pair));
  }

  /// The blanks before the table's last line.
  private String indent(TomlText.Table table) {
    int end = table.bodyEnd();
    int start = text.lastIndexOf('\n', Math.max(0, end - 2)) + 1;
    int from = Math.max(start, table.start());
    int to = from;
    while (to < end && (text.charAt(to) == ' ' || text.charAt(to) == '\t')) {
      to++;
    }
    boolean begins = to < end && (TomlReader.isBare(text.charAt(to)) || text.charAt(to) == '[');
    return begins ? text.substring(from, to) : "";
  }

  /// A whole line at the start of a line, or at the end of a text without a last line break.
  private Splice line(int at, String line) {
    boolean open = at > 0 && text.charAt(at - 1) != '\n';
    return Splice.insert(at, (open ? newline : "") + line + newline);
  }

  private Optional<Splice> inInlineTable(List<String> parent, String pair) {
    return toml.values().stream()
        .filter(value -> value.path().equals(parent) && text.charAt(value.start()) == '{')
        .findFirst()
        .map(value -> {
          String inner = text.substring(value.start() + 1, value.end() - 1);
          return Splice.insert(value.start() + 1, " " + pair + (inner.isBlank() ? " " : ","));
        });
  }

  /// `groups.light.words = [...]`: the table exists by such keys, and a heading would not be
  /// allowed any more.
  private Optional<Splice> besideDotted(List<String> parent, String pair) {
    Optional<TomlText.Value> neighbour = Optional.empty();
    for (TomlText.Value value : toml.values()) {
      int above = value.path().size() - value.keys().size();
      boolean dotted =
          above < parent.size()
              && value.path().size() > parent.size()
              && value.path().subList(0, parent.size()).equals(parent);
      neighbour = dotted ? Optional.of(value) : neighbour;
    }
    return neighbour.map(value -> {
      int above = value.path().size() - value.keys().size();
      int start = value.keys().getFirst();
      int lineStart = text.lastIndexOf('\n', start - 1) + 1;
      String prefix = text.substring(start, value.keys().get(parent.size() - above));
      String blanks = text.substring(lineStart, start);
      return line(lineEnd(value.end()), (blanks.isBlank() ? blanks : "") + prefix + pair);
    });
  }

  private int lineEnd(int from) {
    int feed = text.indexOf('\n', from);
    return feed < 0 ? text.length() : feed + 1;
  }

  /// A new table, after the last one of the same family, so that `[tool.plimsoll...]` stays
  /// together.
  private Splice newTable(List<String> parent, String pair) {
    if (parent.isEmpty()) {
      return top(pair);
    }
    String heading = "[" + String.join(".", parent.stream().map(TomlEdit::key).toList()) + "]";
    String block = heading + newline + pair + newline;
    int at = afterFamily(parent);
    if (at >= text.length()) {
      String whole = Lines.append(text, block.replace("\r\n", "\n"));
      return Splice.insert(text.length(), whole.substring(text.length()));
    }
    return Splice.insert(at, newline + block);
  }

  /// Keys of no table stand before the first heading.
  private Splice top(String pair) {
    TomlText.Table top = toml.tables().getFirst();
    return line(top.bodyEnd(), pair);
  }

  /// The end of the last table in the nearest family; the end of the text when that is the last
  /// table of all, or there is no family.
  private int afterFamily(List<String> parent) {
    List<TomlText.Table> tables = toml.tables();
    for (int size = parent.size() - 1; size > 0; size--) {
      List<String> family = parent.subList(0, size);
      for (int i = tables.size() - 1; i >= 0; i--) {
        List<String> path = tables.get(i).path();
        if (path.size() >= size && path.subList(0, size).equals(family)) {
          return i == tables.size() - 1 ? text.length() : tables.get(i).bodyEnd();
        }
      }
    }
    return text.length();
  }

  private static String key(String name) {
    boolean bare = !name.isEmpty() && name.chars().allMatch(c -> TomlReader.isBare((char) c));
    return bare ? name : quoted(name);
  }
}
