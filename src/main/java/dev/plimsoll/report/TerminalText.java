package dev.plimsoll.report;

import java.util.regex.Pattern;

/// Text as a terminal shows it: control characters made visible, width in cells, shortening.
///
/// Width follows Unicode's East Asian Width (UAX #11): wide and full-width characters take two
/// cells, combining and invisible ones none.
public final class TerminalText {
  private static final String ELLIPSIS = "…";

  /// Select Graphic Rendition (ECMA-48, 8.3.117).
  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;:]*m");

  /// First and last code point of each block of two-cell characters, in order (Unicode 16,
  /// EastAsianWidth.txt, W and F, neighbours merged where only unassigned code points lie between).
  private static final int[] WIDE = {
    0x1100, 0x115F, 0x231A, 0x231B, 0x2329, 0x232A, 0x23E9, 0x23EC, 0x23F0, 0x23F0, 0x23F3, 0x23F3,
    0x25FD, 0x25FE, 0x2614, 0x2615, 0x2648, 0x2653, 0x267F, 0x267F, 0x2693, 0x2693, 0x26A1, 0x26A1,
    0x26AA, 0x26AB, 0x26BD, 0x26BE, 0x26C4, 0x26C5, 0x26CE, 0x26CE, 0x26D4, 0x26D4, 0x26EA, 0x26EA,
    0x26F2, 0x26F3, 0x26F5, 0x26F5, 0x26FA, 0x26FA, 0x26FD, 0x26FD, 0x2705, 0x2705, 0x270A, 0x270B,
    0x2728, 0x2728, 0x274C, 0x274C, 0x274E, 0x274E, 0x2753, 0x2755, 0x2757, 0x2757, 0x2795, 0x2797,
    0x27B0, 0x27B0, 0x27BF, 0x27BF, 0x2B1B, 0x2B1C, 0x2B50, 0x2B50, 0x2B55, 0x2B55, 0x2E80, 0x303E,
    0x3041, 0x4DBF, 0x4E00, 0xA4CF, 0xA960, 0xA97F, 0xAC00, 0xD7A3, 0xF900, 0xFAFF, 0xFE10, 0xFE19,
    0xFE30, 0xFE6F, 0xFF01, 0xFF60, 0xFFE0, 0xFFE6, 0x16FE0, 0x18DFF, 0x1AFF0, 0x1B2FF, 0x1F004,
    0x1F004, 0x1F0CF, 0x1F0CF, 0x1F18E, 0x1F18E, 0x1F191, 0x1F19A, 0x1F200, 0x1F320, 0x1F32D,
    0x1F335, 0x1F337, 0x1F37C, 0x1F37E, 0x1F393, 0x1F3A0, 0x1F3CA, 0x1F3CF, 0x1F3D3, 0x1F3E0,
    0x1F3F0, 0x1F3F4, 0x1F3F4, 0x1F3F8, 0x1F43E, 0x1F440, 0x1F440, 0x1F442, 0x1F4FC, 0x1F4FF,
    0x1F53D, 0x1F54B, 0x1F54E, 0x1F550, 0x1F567, 0x1F57A, 0x1F57A, 0x1F595, 0x1F596, 0x1F5A4,
    0x1F5A4, 0x1F5FB, 0x1F64F, 0x1F680, 0x1F6C5, 0x1F6CC, 0x1F6CC, 0x1F6D0, 0x1F6D2, 0x1F6D5,
    0x1F6DF, 0x1F6EB, 0x1F6EC, 0x1F6F4, 0x1F6FC, 0x1F7E0, 0x1F7F0, 0x1F90C, 0x1F93A, 0x1F93C,
    0x1F945, 0x1F947, 0x1FAFF, 0x20000, 0x3FFFD
  };

  /// The beginning of a line, blanks and colours included, before two colons.
  private static final Pattern COMMAND = Pattern.compile("(?m)^((?:\\s|\u001b\\[[0-9;]*m)*)::");

  private static final char BREAK = '\u200b';

  private TerminalText() {}

  /// The text on one line without control characters: newline as backslash n, ESC as backslash x1b,
  /// and what turns the writing direction, and half a surrogate pair, as its number.
  public static String clean(String text) {
    var clean = new StringBuilder(text.length());
    text.codePoints().forEach(point -> clean.append(visible(point)));
    return harmless(clean.toString());
  }

  /// GitHub Actions takes lines of a job's log for commands: those that begin with two colons, and
  /// everything after `##[` (`ActionCommand.cs` of `actions/runner`). A space of no width keeps
  /// what a test printed from being one.
  private static String harmless(String text) {
    String lines =
        text.contains("::") ? COMMAND.matcher(text).replaceAll("$1" + BREAK + "::") : text;
    return lines.replace("##[", "##" + BREAK + "[");
  }

  private static String visible(int point) {
    return switch (point) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default ->
          switch (Character.getType(point)) {
            case Character.CONTROL -> "\\x%02x".formatted(point);
            case Character.FORMAT,
                Character.SURROGATE,
                Character.LINE_SEPARATOR,
                Character.PARAGRAPH_SEPARATOR ->
                point == 0x200D ? Character.toString(point) : "\\u%04x".formatted(point);
            default -> Character.toString(point);
          };
    };
  }

  /// Captured output that is safe to print: lines, tabs and (with `colour`) colours stay, every
  /// other control character or sequence is made visible or taken out.
  public static String block(String text, boolean colour) {
    var block = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      int point = text.codePointAt(at);
      int colourEnd = point == 0x1b ? endOfColour(text, at) : -1;
      if (colourEnd > 0) {
        block.append(colour ? text.substring(at, colourEnd) : "");
        at = colourEnd;
        continue;
      }
      boolean newline = point == '\n' || point == '\t';
      boolean lineEnd = point == '\r' && at + 1 < text.length() && text.charAt(at + 1) == '\n';
      block.append(newline ? Character.toString(point) : lineEnd ? "" : visible(point));
      at += Character.charCount(point);
    }
    return harmless(block.toString());
  }

  /// The text without colours, all else as it is.
  public static String colourless(String text) {
    return COLOUR.matcher(text).replaceAll("");
  }

  /// The index after the colour that begins here, negative when there is none.
  private static int endOfColour(String text, int at) {
    var colour = COLOUR.matcher(text).region(at, text.length());
    return colour.lookingAt() ? colour.end() : -1;
  }

  /// How many cells a terminal gives this text; it must be {@link #clean(String) clean}.
  public static int width(String text) {
    return text.codePoints().map(TerminalText::cells).sum();
  }

  private static int cells(int point) {
    if (point < 0x300) {
      return 1;
    }
    return switch (Character.getType(point)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
      default -> isWide(point) ? 2 : 1;
    };
  }

  private static boolean isWide(int point) {
    for (int i = 0; i < WIDE.length && WIDE[i] <= point; i += 2) {
      if (point <= WIDE[i + 1]) {
        return true;
      }
    }
    return false;
  }

  /// The clean text in at most `cells` cells, shortened in the middle: the file at the start and
  /// the parameters at the end of a test id say the most.
  public static String fit(String text, int cells) {
    if (width(text) <= cells) {
      return text;
    }
    if (cells <= 1) {
      return cells == 1 ? ELLIPSIS : "";
    }
    int tail = (cells - 1) / 2;
    return head(text, cells - 1 - tail) + ELLIPSIS + tail(text, tail);
  }

  /// The beginning of the clean text that fits `cells` cells.
  public static String head(String text, int cells) {
    int used = 0;
    int at = 0;
    while (at < text.length()) {
      int point = text.codePointAt(at);
      used += cells(point);
      if (used > cells) {
        break;
      }
      at += Character.charCount(point);
    }
    return text.substring(0, at);
  }

  private static String tail(String text, int cells) {
    int used = 0;
    int at = text.length();
    while (at > 0) {
      int point = text.codePointBefore(at);
      used += cells(point);
      if (used > cells) {
        break;
      }
      at -= Character.charCount(point);
    }
    return text.substring(at);
  }
}
