package dev.plimsoll.shard;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An object of a parsed JSON document that may come from another machine: whatever is not as it
/// must be is a {@link WrongForm}.
record Tree(@Nullable Object value) {
  /// The document has another form; the message says where.
  static final class WrongForm extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongForm(String message) {
      super(message);
    }
  }

  /// @throws WrongForm unless the document is of this kind and of this or an older form
  void require(String kind, int schema) {
    if (!text("kind").equals(kind)) {
      throw new WrongForm("its `kind` is not `" + kind + "`");
    }
    if (amount("schema") > schema) {
      throw new WrongForm("a newer version of Plimsoll wrote it");
    }
  }

  private @Nullable Object get(String name) {
    if (value instanceof Map<?, ?> map) {
      return map.get(name);
    }
    throw new WrongForm("it is not a JSON object");
  }

  String text(String name) {
    if (get(name) instanceof String text) {
      return text;
    }
    throw new WrongForm("`" + name + "` is not a string");
  }

  /// A number from 0 up.
  double amount(String name) {
    return amount(name, get(name));
  }

  private static double amount(String name, @Nullable Object value) {
    if (value instanceof Number number) {
      double amount = number.doubleValue();
      if (amount >= 0 && amount <= Long.MAX_VALUE) {
        return amount;
      }
    }
    throw new WrongForm("`" + name + "` is not a number from 0");
  }

  List<Tree> list(String name) {
    if (get(name) instanceof List<?> list) {
      return list.stream().map(Tree::new).toList();
    }
    throw new WrongForm("`" + name + "` is not a list");
  }

  /// An object whose members are whole numbers.
  Map<String, Integer> counts(String name) {
    if (!(get(name) instanceof Map<?, ?> map)) {
      throw new WrongForm("`" + name + "` is not an object");
    }
    var counts = new LinkedHashMap<String, Integer>();
    map.forEach((key, count) ->
        counts.put(String.valueOf(key), (int) Math.min(amount(name, count), 1 << 30)));
    return counts;
  }
}
