package dev.plimsoll.apply;

import java.util.ArrayList;
import java.util.List;

/// A text as a program reads it out of a file, with the place in the file of each of its
/// characters: quotes, escapes and line breaks of the file's format are gone.
///
/// @param starts index in the file where each character begins
/// @param ends index in the file after each character; an escape is longer than one
/// @param end index in the file after the whole
record Excerpt(String text, List<Integer> starts, List<Integer> ends, int end) {
  Excerpt {
    starts = List.copyOf(starts);
    ends = List.copyOf(ends);
  }

  /// Index in the file where a character begins, or where the excerpt ends.
  int at(int index) {
    return index < starts.size() ? starts.get(index) : end;
  }

  /// Some of the characters.
  ///
  /// @param to index after the last of them
  Excerpt part(int from, int to) {
    int last = to == from ? at(from) : ends.get(to - 1);
    return new Excerpt(
        text.substring(from, to), starts.subList(from, to), ends.subList(from, to), last);
  }

  /// Puts an excerpt together.
  static final class Builder {
    private final StringBuilder text = new StringBuilder();
    private final List<Integer> starts = new ArrayList<>();
    private final List<Integer> ends = new ArrayList<>();

    /// Add what stands in the file from one index to another as a text of usually one character.
    void add(String part, int from, int to) {
      text.append(part);
      for (int i = 0; i < part.length(); i++) {
        starts.add(from);
        ends.add(to);
      }
    }

    void add(char c, int at) {
      add(String.valueOf(c), at, at + 1);
    }

    /// The characters of a file from one index to another.
    void addAll(String file, int from, int to) {
      for (int i = from; i < to; i++) {
        add(file.charAt(i), i);
      }
    }

    /// A character of another excerpt.
    void add(Excerpt from, int index) {
      add(
          from.text().substring(index, index + 1),
          from.starts().get(index),
          from.ends().get(index));
    }

    /// End with the last character.
    Excerpt end() {
      return end(ends.isEmpty() ? 0 : ends.getLast());
    }

    /// End at an index of the file.
    Excerpt end(int index) {
      return new Excerpt(text.toString(), starts, ends, index);
    }
  }
}
