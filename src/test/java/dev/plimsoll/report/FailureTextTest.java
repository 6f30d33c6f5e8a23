package dev.plimsoll.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.TestResult;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FailureTextTest {
  @Test
  void theLastLinesOfALongFailureAreLeft() {
    String shown = FailureText.last(failure(2345), 100, Style.PLAIN);

    assertThat(shown.lines().filter(line -> line.startsWith("line "))).hasSize(100);
    assertThat(shown)
        .contains(
            "[2245 lines left out; a run without `--quiet` prints them]\nline 2245\n",
            "line 2344\n");
  }

  @Test
  void aShortFailureIsShownWhole() {
    TestResult result = failure(100);

    assertThat(FailureText.last(result, 100, Style.PLAIN))
        .isEqualTo(FailureText.of(result, Style.PLAIN));
  }

  private static TestResult failure(int lines) {
    String text =
        IntStream.range(0, lines).mapToObj(i -> "line " + i).collect(Collectors.joining("\n"));
    return TestingRuns.result("test_a.py::test_a", Outcome.FAILED, 1, Bytes.ZERO).withText(text);
  }
}
