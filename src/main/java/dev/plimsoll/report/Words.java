package dev.plimsoll.report;

import dev.plimsoll.model.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Formats durations and counts for users.
public final class Words {
  private static final List<Outcome> ORDER =
      List.of(
          Outcome.FAILED,
          Outcome.ERROR,
          Outcome.CRASHED,
          Outcome.PASSED,
          Outcome.SKIPPED,
          Outcome.XFAILED,
          Outcome.XPASSED,
          Outcome.UNREPORTED,
          Outcome.NOT_RUN);

  private Words() {}

  /// `0.42 s`, `12.3 s`, `2:05`, `1:02:05`.
  public static String time(Duration time) {
    double seconds = Math.max(0, time.toNanos() / 1e9);
    if (seconds < 59.95) {
      return String.format(Locale.ROOT, seconds < 9.995 ? "%.2f s" : "%.1f s", seconds);
    }
    return clock(time);
  }

  /// `0:07`, `2:05`, `1:02:05`.
  public static String clock(Duration time) {
    long whole = Math.max(0, Math.round(time.toMillis() / 1000.0));
    return whole < 3600
        ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
  }

  /// `1 test`, `1,204 tests`.
  public static String count(long number, String noun) {
    return number(number) + " " + noun + (number == 1 ? "" : "s");
  }

  /// `1,204`.
  public static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /// `3 failed, 1,204 passed, 2 skipped`, as pytest orders them; zeros are left out.
  public static String counts(Map<Outcome, Integer> counts, Style style) {
    var words = new ArrayList<String>();
    for (Outcome outcome : ORDER) {
      int count = counts.getOrDefault(outcome, 0);
      if (count > 0) {
        words.add(paint(outcome, number(count) + " " + plural(outcome, count), style));
      }
    }
    return words.isEmpty() ? "no tests" : String.join(", ", words);
  }

  /// `, 3 deselected, 1 warning`: what pytest counts beside the outcomes, in its words.
  public static String also(Map<String, Integer> counts) {
    var words = new StringBuilder();
    counts.forEach((word, count) -> {
      String one = word.equals("warnings") && count == 1 ? "warning" : word;
      words.append(", ").append(number(count)).append(' ').append(TerminalText.clean(one));
    });
    return words.toString();
  }

  /// The text in the colour of an outcome.
  public static String paint(Outcome outcome, String text, Style style) {
    return switch (outcome) {
      case PASSED -> style.green(text);
      case FAILED, ERROR, CRASHED -> style.red(text);
      case SKIPPED, XFAILED, XPASSED, UNREPORTED, NOT_RUN -> style.yellow(text);
    };
  }

  /// As pytest says it: only "error" has a plural.
  private static String plural(Outcome outcome, int count) {
    return outcome == Outcome.ERROR && count != 1 ? "errors" : outcome.word();
  }
}
