package dev.plimsoll.apply;

import java.util.List;
import java.util.Objects;
import org.tomlj.MutableTomlTable;
import org.tomlj.Toml;
import org.tomlj.TomlElement;
import org.tomlj.TomlInvalidTypeException;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;

/// Sets values in a TOML text. tomlj keeps every other character, puts a new key beside its
/// neighbours and a new table after those of the same table, or at the end.
public final class TomlEdit {
  private TomlEdit() {}

  /// Set one value.
  ///
  /// @param path names of the tables and of the key
  /// @param value a string, a whole number or a list of these
  /// @throws Unreadable when the text is not TOML, or a table of the path is a value there
  public static String set(String text, List<String> path, Object value) {
    MutableTomlTable parsed = parse(text);
    try {
      parsed.set(path, value);
    } catch (TomlInvalidTypeException e) {
      throw new Unreadable(String.valueOf(e.getMessage()));
    }
    return text.substring(0, bom(text)) + parsed.toToml();
  }

  /// The tables of a text.
  ///
  /// @throws Unreadable when the text is not TOML
  static TomlParseResult parse(String text) {
    TomlParseResult parsed = Toml.parse(text.substring(bom(text)));
    if (parsed.hasErrors()) {
      throw new Unreadable(parsed.errors().getFirst().toString());
    }
    return parsed;
  }

  /// Index in the text where a value begins. tomlj counts lines, and code points in a line.
  static int start(String text, TomlElement value) {
    TomlPosition position = Objects.requireNonNull(value.position());
    int line = bom(text);
    for (int i = 1; i < position.line(); i++) {
      line = text.indexOf('\n', line) + 1;
    }
    return text.offsetByCodePoints(line, position.column() - 1);
  }

  private static int bom(String text) {
    return text.startsWith(Lines.BOM) ? 1 : 0;
  }
}
