package dev.plimsoll.apply;

import java.util.ArrayList;
import java.util.List;

/// A text as a program reads it out of a file, with the place in the file of each of its
/// characters: quotes, escapes and line breaks of the file's format are gone.
///
/// @param at index in the file of each character
/// @param end index in the file after the last character
record Excerpt(String text, List<Integer> at, int end) {
  Excerpt {
    at = List.copyOf(at);
  }

  /// Index in the file where a character begins, or where the excerpt ends.
  int at(int index) {
    return index < at.size() ? at.get(index) : end;
  }

  Excerpt part(int from, int to) {
    return new Excerpt(text.substring(from, to), at.subList(from, to), at(to));
  }

  /// Puts an excerpt together.
  static final class Builder {
    private final StringBuilder text = new StringBuilder();
    private final List<Integer> at = new ArrayList<>();

    Builder add(char c, int index) {
      text.append(c);
      at.add(index);
      return this;
    }

    Builder add(String part, int index) {
      part.chars().forEach(c -> add((char) c, index));
      return this;
    }

    /// The characters of a file from one index to another.
    Builder addAll(String file, int from, int to) {
      for (int i = from; i < to; i++) {
        add(file.charAt(i), i);
      }
      return this;
    }

    boolean isEmpty() {
      return text.isEmpty();
    }

    Excerpt end(int index) {
      return new Excerpt(text.toString(), at, index);
    }
  }
}
