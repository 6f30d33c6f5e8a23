package dev.plimsoll.config.schema;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Writes plain values as TOML on one line.
public final class TomlWriter {
  private TomlWriter() {}

  public static String of(Object value) {
    return switch (value) {
      case List<?> list ->
          list.stream().map(TomlWriter::of).collect(Collectors.joining(", ", "[", "]"));
      case Map<?, ?> map when map.isEmpty() -> "{}";
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> quoted(entry.getKey().toString()) + " = " + of(entry.getValue()))
              .collect(Collectors.joining(", ", "{ ", " }"));
      case String text -> quoted(text);
      default -> value.toString();
    };
  }

  private static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\t' -> quoted.append("\\t");
        default -> quoted.append(c < 0x20 || c == 0x7f ? String.format("\\u%04x", (int) c) : c);
      }
    }
    return quoted.append('"').toString();
  }
}
