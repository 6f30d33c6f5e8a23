package dev.plimsoll.apply;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds command lines of pytest that give a number of workers, in scripts, Makefiles, CI files and
/// prose. A command goes to the end of its line, past a `\` there, or to what ends it for a shell
/// or for Markdown. Text that Plimsoll wrote between its marks is left out.
public final class PytestCommands {
  private static final String BLANK = "(?:[ \\t]|\\\\\\r?\\n)";

  private static final Pattern COMMAND =
      Pattern.compile("(?<![\\w.-])(?:pytest|py\\.test)((?:" + BLANK + "+[^\\s`;&|<>#]+){1,200})");

  private static final Pattern WORKERS =
      Pattern.compile(
          "(?<="
              + BLANK
              + ")(?:-[hlqsvxV]*n(?:=|"
              + BLANK
              + "*)|--numprocesses(?:=|"
              + BLANK
              + "+))(\\d+|auto|logical)(?![\\w.-])");

  private static final Pattern OURS = Pattern.compile("plimsoll:begin(?s:.*?)(?:plimsoll:end|\\z)");

  private PytestCommands() {}

  /// A command line.
  ///
  /// @param line its number in the file, from 1
  /// @param words its arguments, without the number of workers
  /// @param workers the number as it stands there
  public record Found(int line, String command, List<String> words, String workers, int start) {
    public Found {
      words = List.copyOf(words);
    }
  }

  /// The command lines of a text, in its order. `-n 0` starts no workers and is none of them.
  public static List<Found> in(String text) {
    var all = new ArrayList<Found>();
    Matcher command = COMMAND.matcher(text);
    while (command.find()) {
      Matcher workers = WORKERS.matcher(text).region(command.start(1), command.end(1));
      workers.useTransparentBounds(true);
      Optional<int[]> last = Optional.empty();
      while (workers.find()) {
        last = Optional.of(new int[] {workers.start(), workers.start(1), workers.end(1)});
      }
      last.filter(at -> !text.substring(at[1], at[2]).matches("0+"))
          .filter(_ -> !isOurs(text, command.start()))
          .ifPresent(at -> all.add(found(text, command, at)));
    }
    return all;
  }

  /// The text with another number in one of its commands.
  public static String with(String text, Found command, int workers) {
    int end = command.start() + command.workers().length();
    return new Splice(command.start(), end, Integer.toString(workers)).in(text);
  }

  private static Found found(String text, Matcher command, int[] at) {
    String rest =
        text.substring(command.start(1), at[0]) + " " + text.substring(at[2], command.end(1));
    List<String> words =
        Pattern.compile(BLANK + "+")
            .splitAsStream(rest)
            .map(word -> word.replaceAll("^[\"']|[\"',.]$", ""))
            .filter(word -> !word.isEmpty())
            .toList();
    int line = (int) text.substring(0, command.start()).chars().filter(c -> c == '\n').count() + 1;
    String whole = command.group().replaceAll("\\s*\\\\\\r?\\n\\s*", " ");
    return new Found(line, whole, words, text.substring(at[1], at[2]), at[1]);
  }

  private static boolean isOurs(String text, int index) {
    Matcher ours = OURS.matcher(text);
    while (ours.find()) {
      if (ours.start() <= index && index < ours.end()) {
        return true;
      }
    }
    return false;
  }
}
