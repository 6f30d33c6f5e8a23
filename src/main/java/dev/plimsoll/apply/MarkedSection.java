package dev.plimsoll.apply;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/// A part of a text between two marks that belongs to Plimsoll; the rest belongs to people.
///
/// The first mark carries a digest of the part, so that an edit by hand is noticed and never
/// overwritten unasked. Line breaks do not count, since git may change them. Marks without a digest
/// and with nothing between them say where the part shall stand.
///
/// @param open begins a comment in the text's language
/// @param close ends it
public record MarkedSection(String open, String close) {
  public static final MarkedSection MARKDOWN = new MarkedSection("<!-- ", " -->");
  public static final MarkedSection SHELL = new MarkedSection("# ", "");

  private static final String BEGIN = "plimsoll:begin";
  private static final String END = "plimsoll:end";
  private static final Pattern DIGEST = Pattern.compile("\\s([0-9a-f]{8}-[0-9]+)(?:\\s.*)?");

  /// What became of a text.
  public sealed interface Result {
    /// The text with the new part.
    record Done(String text) implements Result {}

    /// The part was edited by hand.
    record Edited() implements Result {}

    /// The marks are not one pair.
    record Damaged(String why) implements Result {}
  }

  /// Put a new part into a text: in place of the old one, or at the end.
  ///
  /// @param body lines that end with `\n`
  /// @param force whether an edit by hand is given up
  public Result put(String text, String body, boolean force) {
    List<Lines.Line> begins = marks(text, BEGIN);
    List<Lines.Line> ends = marks(text, END);
    if (begins.isEmpty() && ends.isEmpty()) {
      return new Result.Done(Lines.append(text, lines(body)));
    }
    Optional<String> damage = damage(begins, ends);
    if (damage.isPresent()) {
      return new Result.Damaged(damage.get());
    }
    Lines.Line begin = begins.getFirst();
    Lines.Line end = ends.getFirst();
    String old = text.substring(begin.next(), end.start()).replace("\r\n", "\n");
    if (!force && !old.equals(body) && !isOurs(begin.of(text), old)) {
      return new Result.Edited();
    }
    String block = lines(body).stripTrailing().replace("\n", Lines.newline(text));
    return new Result.Done(new Splice(begin.start(), end.end(), block).in(text));
  }

  /// The whole part with its marks.
  private String lines(String body) {
    return open
        + BEGIN
        + " "
        + digest(body)
        + " written by `plimsoll apply`, which notices edits between the marks"
        + close
        + "\n"
        + body
        + open
        + END
        + close
        + "\n";
  }

  private static Optional<String> damage(List<Lines.Line> begins, List<Lines.Line> ends) {
    if (begins.size() > 1 || ends.size() > 1) {
      return Optional.of("a mark stands there more than once");
    }
    if (begins.isEmpty() || ends.isEmpty()) {
      return Optional.of("the mark `" + (begins.isEmpty() ? BEGIN : END) + "` is missing");
    }
    boolean turned = ends.getFirst().start() < begins.getFirst().start();
    return turned ? Optional.of("`" + END + "` stands before `" + BEGIN + "`") : Optional.empty();
  }

  private List<Lines.Line> marks(String text, String word) {
    var marks = new ArrayList<Lines.Line>();
    for (Lines.Line line : Lines.of(text)) {
      String mark = line.of(text).strip();
      String start = open + word;
      boolean whole = mark.length() == start.length() || !isWord(mark, start.length());
      if (mark.startsWith(start) && whole) {
        marks.add(line);
      }
    }
    return marks;
  }

  private static boolean isWord(String text, int index) {
    return index < text.length() && Character.isLetterOrDigit(text.charAt(index));
  }

  private boolean isOurs(String mark, String old) {
    String tail = mark.strip().substring(open.length() + BEGIN.length());
    Matcher digest = DIGEST.matcher(tail);
    return digest.matches() ? digest.group(1).equals(digest(old)) : old.isBlank();
  }

  /// A check sum and the length: against edits, not against forgers.
  private static String digest(String body) {
    var sum = new CRC32();
    body.chars()
        .forEach(c -> {
          sum.update(c >>> 8);
          sum.update(c);
        });
    return "%08x-%d".formatted(sum.getValue(), body.length());
  }
}
