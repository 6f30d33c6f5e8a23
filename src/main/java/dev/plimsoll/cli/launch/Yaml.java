package dev.plimsoll.cli.launch;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Writes documents of maps, lists, texts and numbers as YAML. Texts that YAML could take for
/// something else are quoted as in JSON, of which YAML is a superset.
final class Yaml {
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z/][A-Za-z0-9_./-]*(?::[A-Za-z0-9_./-]+)*");
  private static final Set<String> WORDS =
      Set.of("true", "false", "yes", "no", "on", "off", "null", "y", "n");

  private final StringBuilder text = new StringBuilder();

  private Yaml() {}

  /// The documents, one after the other.
  static String text(List<Map<String, Object>> documents) {
    var yaml = new Yaml();
    for (Map<String, Object> document : documents) {
      yaml.text.append(yaml.text.isEmpty() ? "" : "---\n");
      yaml.map(document, "", "");
    }
    return yaml.text.toString();
  }

  /// @param first what the first line begins with, where a list's dash stands before it
  private void map(Map<?, ?> map, String indent, String first) {
    String before = first;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      text.append(before).append(entry.getKey()).append(':');
      value(entry.getValue(), indent + "  ");
      before = indent;
    }
  }

  private void value(Object value, String indent) {
    switch (value) {
      case Map<?, ?> map when !map.isEmpty() -> {
        text.append('\n');
        map(map, indent, indent);
      }
      case List<?> list when !list.isEmpty() -> {
        text.append('\n');
        for (Object item : list) {
          text.append(indent).append('-');
          if (item instanceof Map<?, ?> map) {
            map(map, indent + "  ", " ");
          } else {
            text.append(' ').append(scalar(item)).append('\n');
          }
        }
      }
      default -> text.append(' ').append(scalar(value)).append('\n');
    }
  }

  private static String scalar(Object value) {
    return switch (value) {
      case Map<?, ?> _ -> "{}";
      case List<?> _ -> "[]";
      case String word
          when !PLAIN.matcher(word).matches()
              || WORDS.contains(word.toLowerCase(java.util.Locale.ROOT)) ->
          quoted(word);
      default -> value.toString();
    };
  }

  private static String quoted(String word) {
    var quoted = new StringBuilder("\"");
    word.codePoints().forEach(c -> quoted.append(escaped(c)));
    return quoted.append('"').toString();
  }

  /// YAML does not join two escapes of four digits, as JSON does.
  private static String escaped(int c) {
    if (c == '"' || c == '\\') {
      return "\\" + (char) c;
    }
    if (c >= ' ' && c <= '~') {
      return Character.toString(c);
    }
    return (Character.isBmpCodePoint(c) ? "\\u%04x" : "\\U%08x").formatted(c);
  }
}
