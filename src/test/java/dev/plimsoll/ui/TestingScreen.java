package dev.plimsoll.ui;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// A terminal that understands what the display writes: text, newline, return, cursor up, erase
/// row; anything else with ESC in it is an error. Both streams write to it.
final class TestingScreen {
  private static final Pattern PARTS =
      Pattern.compile("\u001b\\[(\\d+)A|\u001b\\[2K|\u001b\\[[0-9;]*m|\r|\n|.", Pattern.DOTALL);

  private final ByteArrayOutputStream both = new ByteArrayOutputStream();
  private final ByteArrayOutputStream result = new ByteArrayOutputStream();
  private int frames;

  Streams streams() {
    var stdout =
        new PrintStream(both, true, StandardCharsets.UTF_8) {
          @Override
          public void write(byte[] bytes, int from, int length) {
            super.write(bytes, from, length);
            result.write(bytes, from, length);
          }
        };
    return new Streams(stdout, new PrintStream(both, true, StandardCharsets.UTF_8));
  }

  String out() {
    return result.toString(StandardCharsets.UTF_8);
  }

  String raw() {
    return both.toString(StandardCharsets.UTF_8);
  }

  int frames() {
    lines();
    return frames;
  }

  /// What is to be seen, with everything that was scrolled away.
  List<String> lines() {
    var lines = new ArrayList<StringBuilder>(List.of(new StringBuilder()));
    int row = 0;
    frames = 0;
    var parts = PARTS.matcher(raw());
    while (parts.find()) {
      String part = parts.group();
      if (parts.group(1) != null) {
        row -= Integer.parseInt(parts.group(1));
        frames++;
      } else if (part.equals("\u001b[2K")) {
        lines.get(row).setLength(0);
      } else if (part.equals("\n")) {
        row++;
        if (row == lines.size()) {
          lines.add(new StringBuilder());
        }
      } else if (part.startsWith("\u001b") && part.length() == 1) {
        throw new AssertionError("an unknown escape sequence");
      } else if (!part.startsWith("\u001b") && !part.equals("\r")) {
        lines.get(row).append(part);
      }
    }
    return lines.stream().map(StringBuilder::toString).toList();
  }
}
