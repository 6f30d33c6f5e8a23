package dev.plimsoll.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalTextTest {
  @Test
  void controlCharactersBecomeVisible() {
    assertThat(TerminalText.clean("a\nb\r\t\u001b[2J\u0000\u007f\u009b1m\u202e\ud800"))
        .isEqualTo("a\\nb\\r\\t\\x1b[2J\\x00\\x7f\\x9b1m\\u202e\\ud800");
    assertThat(TerminalText.clean("日本語 é 👩‍👧")).isEqualTo("日本語 é 👩‍👧");
  }

  @ParameterizedTest
  @CsvSource({"abc,3", "日本語,6", "é,1", "e\u0301,1", "👍,2", "ＡＢ,4", "…,1", "─,1", "한국,4"})
  void widthCountsCells(String text, int cells) {
    assertThat(TerminalText.width(text)).isEqualTo(cells);
  }

  @Test
  void shortensInTheMiddle() {
    assertThat(TerminalText.fit("tests/a/test_long_name.py::test_x[parameter]", 20))
        .isEqualTo("tests/a/te…arameter]");
    assertThat(TerminalText.fit("short", 20)).isEqualTo("short");
    assertThat(TerminalText.fit("日本語日本語", 7)).isEqualTo("日…語");
    assertThat(TerminalText.fit("abc", 1)).isEqualTo("…");
    assertThat(TerminalText.fit("abc", 0)).isEmpty();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void neverWiderThanAsked(long seed) {
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 200; round++) {
      var text = new StringBuilder();
      random.ints(random.nextInt(60), 0, 0x30000).forEach(text::appendCodePoint);
      int cells = random.nextInt(50);
      String clean = TerminalText.clean(text.toString());
      assertThat(TerminalText.width(TerminalText.fit(clean, cells))).isLessThanOrEqualTo(cells);
      assertThat(clean.codePoints().noneMatch(Character::isISOControl)).isTrue();
    }
  }

  @Test
  void capturedOutputKeepsLinesAndColoursOnly() {
    String text = "a\r\n\u001b[1;31mred\u001b[0m\tx\u001b[2Jy\u001b]0;title\u0007\rz";
    assertThat(TerminalText.block(text, true))
        .isEqualTo("a\n\u001b[1;31mred\u001b[0m\tx\\x1b[2Jy\\x1b]0;title\\x07\\rz");
    assertThat(TerminalText.block(text, false))
        .isEqualTo("a\nred\tx\\x1b[2Jy\\x1b]0;title\\x07\\rz");
    assertThat(TerminalText.block("\u001b[3", true)).isEqualTo("\\x1b[3");
  }
}
