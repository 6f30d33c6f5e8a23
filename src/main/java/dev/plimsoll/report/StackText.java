package dev.plimsoll.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Stacks that Python's faulthandler wrote, innermost frame first.
public final class StackText {
  private static final String FRAME = "  File \"";

  /// What calls a test: pytest, pytest-xdist with what they need, Plimsoll, and the start of
  /// Python.
  private static final List<String> CALLERS =
      List.of(
          "/_pytest/",
          "/pluggy/",
          "/pytest/__main__.py\"",
          "/plimsoll_pytest/",
          "/xdist/",
          "/execnet/",
          "\"<frozen runpy>\"",
          "\"<string>\"");

  private StackText() {}

  /// The stacks without the frames that call the project; a line says how many they are. A stack
  /// without a frame of the project stays whole.
  public static String ofProject(String stacks) {
    var shown = new ArrayList<String>();
    var frames = new ArrayList<String>();
    for (String line : stacks.lines().toList()) {
      if (line.startsWith(FRAME)) {
        frames.add(line);
      } else {
        shown.addAll(cut(frames));
        frames.clear();
        shown.add(line);
      }
    }
    shown.addAll(cut(frames));
    return String.join("\n", shown);
  }

  private static List<String> cut(List<String> frames) {
    int kept = frames.size();
    while (kept > 0 && isCaller(frames.get(kept - 1))) {
      kept--;
    }
    int left = frames.size() - kept;
    return kept == 0 || left < 2
        ? List.copyOf(frames)
        : Stream.concat(
                frames.stream().limit(kept),
                Stream.of("  (%d frames of pytest and Plimsoll not shown)".formatted(left)))
            .toList();
  }

  private static boolean isCaller(String frame) {
    return CALLERS.stream().anyMatch(frame::contains);
  }
}
