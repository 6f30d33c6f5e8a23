package dev.plimsoll.apply;

/// New characters for a part of a text.
record Splice(int start, int end, String replacement) {
  static Splice insert(int at, String text) {
    return new Splice(at, at, text);
  }

  String in(String whole) {
    return whole.substring(0, start) + replacement + whole.substring(end);
  }
}
