package dev.plimsoll.apply;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How the headings of a Markdown file look, for a section that is added to it.
///
/// @param level of the section's heading: that of the file's own sections
/// @param underlined whether titles are underlined with `=` and `-`
/// @param closed whether headings end with `#`, as they begin
public record HeadingStyle(int level, boolean underlined, boolean closed) {
  private static final Pattern HASHES = Pattern.compile("(#{1,6})\\s+\\S.*?(\\s#+)?");
  private static final Pattern LINE = Pattern.compile("={2,}|-{2,}");
  private static final Pattern FENCE = Pattern.compile("\\s*(`{3,}|~{3,}).*");
  private static final Pattern FRONT_MATTER = Pattern.compile("\\A---\\R(?s:.*?)\\R---\\R");
  private static final Pattern BEGIN = Pattern.compile("<!--\\s*plimsoll:begin.*");
  private static final Pattern END = Pattern.compile("<!--\\s*plimsoll:end.*");

  private record Heading(int level, boolean underlined, boolean closed) {}

  /// The style of a file; `##` where it has no headings.
  ///
  /// A file with one title has its sections a level below it. A section directly under a heading is
  /// a part of that one.
  public static HeadingStyle of(String text) {
    List<Heading> headings = new ArrayList<>();
    boolean fenced = false;
    boolean ours = false;
    boolean directly = false;
    String before = "";
    int above = 0;
    String body = FRONT_MATTER.matcher(text).replaceFirst("");
    boolean marked = false;
    for (String line : body.lines().map(String::strip).toList()) {
      fenced ^= FENCE.matcher(line).matches();
      if (BEGIN.matcher(line).matches()) {
        above = directly ? headings.getLast().level() : 0;
        ours = true;
        marked = true;
      }
      if (!fenced && !ours) {
        directly = read(line, before, headings) || (directly && line.isEmpty());
      }
      ours &= !END.matcher(line).matches();
      before = fenced ? "" : line;
    }
    return style(headings, !marked && directly ? headings.getLast().level() : above);
  }

  private static boolean read(String line, String before, List<Heading> headings) {
    Matcher hashes = HASHES.matcher(line);
    if (hashes.matches()) {
      headings.add(new Heading(hashes.group(1).length(), false, hashes.group(2) != null));
      return true;
    }
    boolean underline = LINE.matcher(line).matches() && !before.isEmpty() && !before.contains("|");
    if (underline) {
      headings.add(new Heading(line.startsWith("=") ? 1 : 2, true, false));
    }
    return underline;
  }

  private static HeadingStyle style(List<Heading> headings, int above) {
    if (headings.isEmpty()) {
      return new HeadingStyle(2, false, false);
    }
    int top = headings.stream().mapToInt(Heading::level).min().orElseThrow();
    long titles = headings.stream().filter(heading -> heading.level() == top).count();
    int level = above > 0 ? above + 1 : titles == 1 ? top + 1 : top;
    boolean underlined = headings.stream().anyMatch(Heading::underlined);
    boolean closed = headings.stream().anyMatch(Heading::closed);
    return new HeadingStyle(Math.min(5, level), underlined, closed);
  }

  /// A heading, with an empty line after it.
  ///
  /// @param below how many levels below that of the section
  String heading(String title, int below) {
    int depth = level + below;
    if (underlined && depth <= 2) {
      return title + "\n" + (depth == 1 ? "=" : "-").repeat(title.length()) + "\n\n";
    }
    String hashes = "#".repeat(depth);
    return hashes + " " + title + (closed ? " " + hashes : "") + "\n\n";
  }
}
