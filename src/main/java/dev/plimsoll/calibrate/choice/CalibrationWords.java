package dev.plimsoll.calibrate.choice;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Figures as people read them.
public final class CalibrationWords {
  private CalibrationWords() {}

  /// `43.4 s`, `34 s`.
  public static String seconds(Duration time) {
    String text = String.format(Locale.ROOT, "%.1f", time.toNanos() / 1e9);
    return (text.endsWith(".0") ? text.substring(0, text.length() - 2) : text) + " s";
  }

  public static String percent(double share) {
    String text = String.format(Locale.ROOT, "%.1f", share * 100);
    return (text.endsWith(".0") ? text.substring(0, text.length() - 2) : text) + " %";
  }

  public static String tests(int count) {
    return count == 1 ? "1 test" : count + " tests";
  }

  public static String workers(int count) {
    return count == 1 ? "1 worker" : count + " workers";
  }

  /// `1, 2 and 4 workers`.
  public static String workers(List<Integer> counts) {
    int last = counts.getLast();
    if (counts.size() == 1) {
      return workers(last);
    }
    String others =
        counts.subList(0, counts.size() - 1).stream()
            .map(String::valueOf)
            .collect(Collectors.joining(", "));
    return others + " and " + last + " workers";
  }

  public static String times(int count) {
    return count == 1 ? "once" : count == 2 ? "twice" : count + " times";
  }

  /// The first two of a list, and how many more there are.
  public static String some(List<String> names) {
    String first = String.join(", ", names.subList(0, Math.min(2, names.size())));
    return names.size() > 2 ? first + " and " + (names.size() - 2) + " more" : first;
  }
}
