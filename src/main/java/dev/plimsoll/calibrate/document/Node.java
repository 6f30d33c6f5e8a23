package dev.plimsoll.calibrate.document;

import dev.plimsoll.calibrate.choice.Amount;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A value of a parsed JSON document with its place, read strictly: a wrong type is a {@link
/// UserError} that names the place.
///
/// @param place as in `suites.light[3].seconds`; empty for the document itself
record Node(String place, @Nullable Object value) {
  /// The member with this name; it may be absent or null.
  Node get(String name) {
    return new Node(place.isEmpty() ? name : place + "." + name, object().get(name));
  }

  boolean present() {
    return value != null;
  }

  Map<?, ?> object() {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw wrong("an object");
  }

  boolean isObject() {
    return value instanceof Map<?, ?>;
  }

  boolean isList() {
    return value instanceof List<?>;
  }

  boolean isNumber() {
    return value instanceof Number;
  }

  /// Members of an object, in order.
  Map<String, Node> members() {
    var members = new LinkedHashMap<String, Node>();
    object().forEach((key, _) -> members.put(String.valueOf(key), get(String.valueOf(key))));
    return members;
  }

  /// Elements of a list, in order.
  List<Node> elements() {
    if (!(value instanceof List<?> list)) {
      throw wrong("a list");
    }
    var elements = new ArrayList<Node>();
    for (int i = 0; i < list.size(); i++) {
      elements.add(new Node(place + "[" + i + "]", list.get(i)));
    }
    return elements;
  }

  String text() {
    if (value instanceof String text) {
      return text;
    }
    throw wrong("a text");
  }

  boolean flag() {
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw wrong("true or false");
  }

  /// A whole number of at least this much.
  int whole(int least) {
    if (value instanceof Number number) {
      double exact = number.doubleValue();
      if (exact == Math.rint(exact) && exact >= least && exact <= 1_000_000_000) {
        return (int) exact;
      }
    }
    throw wrong("a whole number, at least " + least);
  }

  /// A number that is not negative.
  double amount() {
    if (value instanceof Number number) {
      double amount = number.doubleValue();
      if (amount >= 0 && amount <= 1e15) {
        return amount;
      }
    }
    throw wrong("a number that is not negative");
  }

  /// Any number.
  double number() {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw wrong("a number");
  }

  /// Memory given in MiB, as `free -m` counts, unknown when it is absent.
  Amount mb() {
    return present() ? Amount.of(Bytes.of(Math.round(amount() * (1 << 20)))) : Amount.UNKNOWN;
  }

  UserError wrong(String wanted) {
    String where = place.isEmpty() ? "the document" : "`" + place + "`";
    String why = present() ? "it is " + shown() : "it is missing or null";
    return new UserError(
        where + " must be " + wanted,
        why,
        "`plimsoll choose --help` shows the format",
        ExitCode.CONFIG);
  }

  private String shown() {
    return switch (value) {
      case null -> "null";
      case String text ->
          "the text \"" + (text.length() > 60 ? text.substring(0, 60) + "…" : text) + "\"";
      case Map<?, ?> map -> map.isEmpty() ? "an empty object" : "an object";
      case List<?> _ -> "a list";
      case Boolean flag -> flag.toString();
      default -> "the number " + value;
    };
  }
}
