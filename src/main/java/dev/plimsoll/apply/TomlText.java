package dev.plimsoll.apply;

import java.util.ArrayList;
import java.util.List;

/// Where the tables and the values of a TOML document stand in its text (toml.io, version 1.0).
///
/// It tells places, not validity: a caller checks what it made of them with a real parser.
final class TomlText {
  /// A table with a heading of its own.
  ///
  /// @param bodyEnd index after the last line that belongs to it: its heading or its last value
  record Table(List<String> path, int start, int bodyEnd) {}

  /// A value with its whole path.
  ///
  /// @param keys index in the text of each part of its key as written
  /// @param start index of the value's first character
  /// @param end index after its last one
  record Value(List<String> path, List<Integer> keys, int start, int end) {}

  private final TomlReader in;
  private final List<Table> tables = new ArrayList<>();
  private final List<Value> values = new ArrayList<>();

  private TomlText(String text) {
    this.in = new TomlReader(text);
  }

  /// Read a document.
  ///
  /// @throws Unreadable when it is not TOML
  static TomlText of(String text) {
    var read = new TomlText(text);
    read.document();
    return read;
  }

  List<Table> tables() {
    return tables;
  }

  /// All values, also those of inline tables; the tables of `[[lists]]` are left out.
  List<Value> values() {
    return values;
  }

  private void document() {
    List<String> path = List.of();
    int start = in.index();
    int bodyEnd = start;
    for (in.skipLines(); !in.atEnd(); in.skipLines()) {
      if (in.peek() == '[') {
        tables.add(new Table(path, start, bodyEnd));
        start = in.index();
        path = heading();
      } else {
        pair(path);
      }
      bodyEnd = in.lineEnd();
    }
    tables.add(new Table(path, start, bodyEnd));
  }

  /// A table of a list gets a name that no key has.
  private List<String> heading() {
    in.expect('[');
    boolean list = in.take('[');
    List<String> path = new ArrayList<>();
    key(path, new ArrayList<>());
    in.expect(']');
    if (list) {
      in.expect(']');
      path.add("\0");
    }
    return path;
  }

  private void key(List<String> path, List<Integer> places) {
    do {
      in.skipBlanks();
      places.add(in.index());
      path.add(in.keyPart());
      in.skipBlanks();
    } while (in.take('.'));
  }

  private void pair(List<String> table) {
    var path = new ArrayList<>(table);
    var places = new ArrayList<Integer>();
    key(path, places);
    in.expect('=');
    in.skipBlanks();
    int start = in.index();
    if (in.peek() == '{') {
      inline(path);
    } else {
      in.value();
    }
    values.add(new Value(List.copyOf(path), List.copyOf(places), start, in.index()));
  }

  private void inline(List<String> path) {
    in.expect('{');
    in.skipLines();
    while (!in.take('}')) {
      pair(path);
      in.skipLines();
      in.take(',');
      in.skipLines();
    }
  }
}
