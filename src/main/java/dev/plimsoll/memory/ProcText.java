package dev.plimsoll.memory;

import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// The text of a kernel file as bytes, looked up without making strings: it is read ten times a
/// second.
///
/// A line is `key value`, `key: value` or, in PSI files, `key name=value ...`.
public final class ProcText {
  private final byte[] bytes;
  private final int length;

  /// Where the last key was found: keys asked for in the order of the file cost one pass.
  private int cursor;

  /// The first `length` of `bytes`, not copied.
  ProcText(byte[] bytes, int length) {
    this.bytes = bytes;
    this.length = length;
  }

  public static ProcText of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new ProcText(bytes, bytes.length);
  }

  /// The whole number after `key` at the start of a line.
  public OptionalLong number(String key) {
    int at = afterKey(key);
    return at < 0 ? OptionalLong.empty() : numberAt(at);
  }

  /// The whole number that the text starts with; empty for `max` and other words.
  public OptionalLong first() {
    return numberAt(0);
  }

  /// The number in column `index` (from 0) of a text of columns such as `statm`.
  OptionalLong column(int index) {
    int at = 0;
    for (int column = 0; column < index; column++) {
      while (at < length && bytes[at] != ' ') {
        at++;
      }
      at++;
    }
    return numberAt(at);
  }

  /// The decimal number of `name=` in the line that starts with `key`.
  OptionalDouble decimal(String key, String name) {
    int at = afterKey(key);
    if (at < 0) {
      return OptionalDouble.empty();
    }
    int end = at;
    while (end < length && bytes[end] != '\n') {
      end++;
    }
    for (String field : new String(bytes, at, end - at, StandardCharsets.UTF_8).split(" ", -1)) {
      if (field.startsWith(name) && field.startsWith("=", name.length())) {
        return parsed(field.substring(name.length() + 1));
      }
    }
    return OptionalDouble.empty();
  }

  @Override
  public String toString() {
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private static OptionalDouble parsed(String number) {
    try {
      return OptionalDouble.of(Double.parseDouble(number));
    } catch (NumberFormatException none) {
      return OptionalDouble.empty();
    }
  }

  /// Position behind `key` and its colon or blanks, or -1.
  private int afterKey(String key) {
    int line = lineOf(key, cursor, length);
    if (line < 0) {
      line = lineOf(key, 0, cursor);
    }
    if (line < 0) {
      return -1;
    }
    cursor = line;
    return line + key.length();
  }

  private int lineOf(String key, int from, int to) {
    int line = from;
    while (line < to) {
      if (bytes[line] == key.charAt(0) && startsWith(line, key)) {
        return line;
      }
      while (line < to && bytes[line] != '\n') {
        line++;
      }
      line++;
    }
    return -1;
  }

  private boolean startsWith(int at, String key) {
    int end = at + key.length();
    if (end >= length || (bytes[end] != ' ' && bytes[end] != ':')) {
      return false;
    }
    for (int i = 0; i < key.length(); i++) {
      if (bytes[at + i] != key.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private OptionalLong numberAt(int start) {
    int at = start;
    while (at < length && (bytes[at] == ' ' || bytes[at] == ':' || bytes[at] == '\t')) {
      at++;
    }
    int digits = at;
    long value = 0;
    while (at < length && bytes[at] >= '0' && bytes[at] <= '9') {
      if (value > (Long.MAX_VALUE - 9) / 10) {
        return OptionalLong.of(Long.MAX_VALUE);
      }
      value = value * 10 + (bytes[at] - '0');
      at++;
    }
    return at == digits ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
