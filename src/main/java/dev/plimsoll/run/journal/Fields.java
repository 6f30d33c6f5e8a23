package dev.plimsoll.run.journal;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Machine;
import java.util.Map;

/// The fields of an object that another machine wrote.
///
/// @param map the object
record Fields(Map<?, ?> map) {
  /// @throws IllegalArgumentException when there is no such object
  Fields object(String key) {
    if (map.get(key) instanceof Map<?, ?> value) {
      return new Fields(value);
    }
    throw new IllegalArgumentException("`" + key + "` is not an object");
  }

  /// A text, empty when it is something else.
  String text(String key) {
    return map.get(key) instanceof String text ? text : "";
  }

  /// A number from 0, which is also what is no number.
  long number(String key) {
    return map.get(key) instanceof Number number ? Math.max(0, number.longValue()) : 0;
  }

  /// A machine as `RunJson` writes it.
  Machine machine() {
    return new Machine(
        text("name"),
        (int) number("cores"),
        Bytes.of(number("memoryBytes")),
        text("kind"),
        text("cpu"));
  }
}
