package dev.plimsoll.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.diagnose.Diagnosis;
import dev.plimsoll.diagnose.Diagnosis.Finding;
import dev.plimsoll.diagnose.Effect;
import dev.plimsoll.diagnose.Failure;
import dev.plimsoll.diagnose.Remedy;
import dev.plimsoll.diagnose.Tally;
import dev.plimsoll.diagnose.Way;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DiagnosisTextTest {
  private static Diagnosis diagnosis(Finding finding, Effect effect, Way way) {
    Tally alone = finding == Finding.FLAKY ? new Tally(1, 3) : new Tally(0, 3);
    return new Diagnosis(
        "tests/test_state.py::test_state_is_kept[a b]",
        finding,
        effect,
        way,
        List.of("tests/test_cart.py::test_cart", "tests/test_cart.py::test_odd['x']"),
        new Tally(3, 3),
        new Tally(0, 5),
        effect == Effect.MENDS ? new Tally(3, 3) : alone,
        way == Way.CONCURRENT ? new Tally(0, 3) : Tally.NONE,
        21,
        new Diagnosis.Failures(new Failure("assert 1 == 2"), Failure.UNKNOWN, Map.of()));
  }

  private static String text(Diagnosis diagnosis) {
    return DiagnosisText.of(
        diagnosis, Remedy.of(diagnosis, "heavy"), Duration.ofMillis(12_340), Style.PLAIN);
  }

  @Test
  void companyAtTheSameTime() {
    assertThat(text(diagnosis(Finding.PROVEN, Effect.BREAKS, Way.CONCURRENT)))
        .isEqualTo(
            """
            tests/test_state.py::test_state_is_kept[a b] fails with 2 other tests at the same time:
              tests/test_cart.py::test_cart
              tests/test_cart.py::test_odd['x']
            seen      with these tests it failed 3 of 3 times
                      without any one of them it failed 0 of 5 times or more
                      alone it failed 0 of 3 times
            why       assert 1 == 2
            now       mark all of them with `@pytest.mark.xdist_group("state_is_kept")`, which keeps them on one worker: there the test passed 3 times
                      run its file with 1 worker: `plimsoll groups move tests/test_state.py heavy --reason "fails in parallel"`
            fix       find what they share: a file or directory with a fixed path, a port, a database, a limit of the machine. Give each test its own (`tmp_path`, port 0, a schema for each `worker_id`)
            PROVEN: 21 experiments in 12.3 s
            """);
  }

  @Test
  void companyBeforeIt() {
    assertThat(text(diagnosis(Finding.PROVEN, Effect.BREAKS, Way.BEFORE)))
        .contains("fails after 2 other tests in the same process:")
        .contains("`isolate = \"file\"`")
        .contains(
            "check     python -m pytest tests/test_cart.py::test_cart"
                + " 'tests/test_cart.py::test_odd['\\''x'\\'']'"
                + " 'tests/test_state.py::test_state_is_kept[a b]'\n");
  }

  @Test
  void companyThatItNeeds() {
    assertThat(text(diagnosis(Finding.PROVEN, Effect.MENDS, Way.BEFORE)))
        .contains("fails alone, and passes only after 2 other tests in the same process:")
        .contains("with these tests it passed 3 of 3 times")
        .contains("alone it failed 3 of 3 times")
        .contains("check     python -m pytest 'tests/test_state.py::test_state_is_kept[a b]'\n");
  }

  @ParameterizedTest
  @EnumSource
  void everyFindingEndsWithItsVerdict(Finding finding) {
    String text = text(diagnosis(finding, Effect.BREAKS, Way.CONCURRENT));
    assertThat(text.lines().toList().getLast()).endsWith(": 21 experiments in 12.3 s");
    assertThat(text.contains("\nnow ")).isEqualTo(finding == Finding.PROVEN);
    assertThat(text).doesNotContain("null");
  }
}
