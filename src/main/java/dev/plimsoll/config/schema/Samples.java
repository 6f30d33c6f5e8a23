package dev.plimsoll.config.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Find out by samples which kinds of values a type takes: its reader is the one place that says.
final class Samples {
  private static final List<String> STRINGS =
      List.of("text", "auto", "8g", "60%", "30s", "30 s", "none");

  private Samples() {}

  static Map<String, Object> schemaOf(Type<?> type) {
    var kinds = new ArrayList<Map<String, Object>>();
    if (STRINGS.stream().anyMatch(text -> type.read(text).isPresent())) {
      kinds.add(Map.of("type", "string"));
    }
    if (type.read(true).isPresent()) {
      kinds.add(Map.of("type", "boolean"));
    }
    if (type.read(8080L).isPresent()) {
      kinds.add(integer(type));
    }
    if (type.read(1.5).isPresent()) {
      kinds.add(Map.of("type", "number"));
    }
    if (kinds.isEmpty()) {
      return Map.of(); // any value: no sample shows what it takes
    }
    return kinds.size() == 1 ? kinds.getFirst() : Map.of("anyOf", kinds);
  }

  /// A schema with one key beside its type, in this order.
  static Map<String, Object> schema(String type, String key, Object value) {
    var schema = new LinkedHashMap<String, Object>();
    schema.put("type", type);
    schema.put(key, value);
    return schema;
  }

  private static Map<String, Object> integer(Type<?> type) {
    var integer = new LinkedHashMap<String, Object>();
    integer.put("type", "integer");
    if (type.read(-1L).isEmpty()) {
      integer.put("minimum", type.read(0L).isPresent() ? 0 : 1);
    }
    if (type.read(65_536L).isEmpty()) {
      integer.put("maximum", 65_535);
    }
    return integer;
  }
}
