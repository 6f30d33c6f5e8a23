package dev.plimsoll.apply;

import java.util.List;
import java.util.stream.IntStream;
import org.tomlj.TomlArray;
import org.tomlj.TomlValue;

/// pytest's `addopts` as it stands in a file.
///
/// @param arguments what pytest makes of it
/// @param end where more can be added
/// @param before what comes between the last argument and one more
/// @param list whether the arguments are strings of a list
record Addopts(List<Excerpt> arguments, int end, String before, boolean list) {
  Addopts {
    arguments = List.copyOf(arguments);
  }

  static Addopts ini(String file, IniText.Value value) {
    boolean lines = !value.indent().isEmpty();
    String before =
        lines
            ? Lines.newline(file) + value.indent()
            : Character.isWhitespace(file.charAt(value.text().end() - 1)) ? "" : " ";
    return new Addopts(words(value.text()), value.text().end(), before, false);
  }

  static Addopts toml(String file, TomlValue value) {
    if (value.isString()) {
      return string(excerpt(file, value));
    }
    if (!value.isArray()
        || !value.getArray().toList().stream().allMatch(String.class::isInstance)) {
      throw new Unreadable("`addopts` is neither a string nor a list of strings");
    }
    TomlArray array = value.getArray();
    var strings =
        IntStream.range(0, array.size())
            .mapToObj(i -> excerpt(file, array.entry(i).value()))
            .toList();
    return list(file, TomlEdit.start(file, value), strings);
  }

  private static Excerpt excerpt(String file, TomlValue value) {
    return TomlString.read(file, TomlEdit.start(file, value));
  }

  private static Addopts string(Excerpt text) {
    int length = text.text().stripTrailing().length();
    return new Addopts(words(text), text.at(length), length == 0 ? "" : " ", false);
  }

  /// @param begin index of the list's bracket
  private static Addopts list(String file, int begin, List<Excerpt> strings) {
    if (strings.isEmpty()) {
      return new Addopts(List.of(), begin + 1, "", true);
    }
    int last = strings.getLast().end();
    int quotes = file.startsWith("\"\"\"", last) || file.startsWith("'''", last) ? 3 : 1;
    int start = file.lastIndexOf('\n', strings.getLast().at(0)) + 1;
    String blanks = file.substring(start).replaceFirst("(?s)^([ \\t]*).*$", "$1");
    boolean ownLine = start > begin;
    String gap = ownLine ? Lines.newline(file) + blanks : " ";
    return new Addopts(strings, last + quotes, "," + gap, true);
  }

  private static List<Excerpt> words(Excerpt line) {
    return ShellWords.split(line)
        .orElseThrow(() -> new Unreadable("a quotation in `addopts` has no end"));
  }

  Splice more(int workers) {
    String option = list ? "\"-n" + workers + "\"" : "-n " + workers;
    return Splice.insert(end, before + option);
  }
}
