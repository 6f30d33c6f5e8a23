package dev.plimsoll.apply;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Splits a line as a shell does, by the rules of Python's `shlex.split`, which pytest reads
/// `addopts` with: quotes, `\` outside of quotes, and `\` before `"` or `\` inside double ones.
public final class ShellWords {
  private final Excerpt line;
  private final List<Excerpt> words = new ArrayList<>();
  private Excerpt.Builder word = new Excerpt.Builder();
  private boolean inWord;
  private int index;

  private ShellWords(Excerpt line) {
    this.line = line;
  }

  /// The words of a text; empty when a quotation has no end.
  public static Optional<List<String>> split(String text) {
    var line = new Excerpt.Builder();
    line.addAll(text, 0, text.length());
    return split(line.end()).map(words -> words.stream().map(Excerpt::text).toList());
  }

  /// The words, each with its characters' places; empty when a quotation has no end.
  static Optional<List<Excerpt>> split(Excerpt line) {
    var split = new ShellWords(line);
    return split.run() ? Optional.of(split.words) : Optional.empty();
  }

  private boolean run() {
    for (; index < line.text().length(); index++) {
      char c = line.text().charAt(index);
      if (" \t\r\n".indexOf(c) >= 0) {
        close();
      } else if (!more(c)) {
        return false;
      }
    }
    close();
    return true;
  }

  private boolean more(char c) {
    inWord = true;
    return switch (c) {
      case '\'', '"' -> quoted(c);
      case '\\' -> {
        index++;
        yield take();
      }
      default -> take();
    };
  }

  private boolean quoted(char quote) {
    for (index++; index < line.text().length(); index++) {
      char c = line.text().charAt(index);
      if (c == quote) {
        return true;
      }
      boolean escape =
          quote == '"'
              && c == '\\'
              && index + 1 < line.text().length()
              && "\"\\".indexOf(line.text().charAt(index + 1)) >= 0;
      index += escape ? 1 : 0;
      take();
    }
    return false;
  }

  private boolean take() {
    if (index >= line.text().length()) {
      return false;
    }
    word.add(line, index);
    return true;
  }

  private void close() {
    if (inWord) {
      words.add(word.end());
      word = new Excerpt.Builder();
      inWord = false;
    }
  }
}
