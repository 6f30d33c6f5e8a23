package dev.plimsoll.learn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ParallelOnlyTest {
  private static final String TEST = "tests/test_state.py::test_kept";

  @Test
  void aTestThatFailsOnlyWithSeveralWorkersIsFound() {
    var found = of("1 passed", "4 failed", "1 passed", "2 passed", "6 crashed").orElseThrow();

    assertThat(found.level()).isEqualTo(4);
    assertThat(found.words())
        .isEqualTo(
            "`tests/test_state.py::test_kept` failed in 2 of 2 runs with 4 workers or more, and"
                + " passed 2 times with one");
  }

  @Test
  void oneThatPassesNowAndThenInParallelIsFoundToo() {
    var found = of("4 failed", "1 passed", "4 passed", "4 failed", "1 passed").orElseThrow();

    assertThat(found.failed()).isEqualTo(2);
    assertThat(found.runs()).isEqualTo(3);
  }

  @Test
  void oneThatFailsWithOneWorkerTooIsNot() {
    assertThat(of("1 passed", "4 failed", "1 failed", "4 failed", "1 passed")).isEmpty();
  }

  @Test
  void oneFailureOrOnePassMayBeChance() {
    assertThat(of("1 passed", "4 failed", "1 passed", "1 passed")).isEmpty();
    assertThat(of("4 failed", "1 passed", "4 failed", "4 failed")).isEmpty();
  }

  @Test
  void aChangeOfTheCodeBetweenTheRunsExplainsAllFailuresBeforeAllPasses() {
    assertThat(of("4 failed", "4 failed", "1 passed", "1 passed")).isEmpty();
    assertThat(of("1 passed", "1 passed", "4 failed", "4 failed")).isEmpty();
  }

  @Test
  void oneThatPassesAgainAndAgainSinceWasMended() {
    var runs = new ArrayList<>(List.of("1 passed", "4 failed", "1 passed", "4 failed", "4 passed"));
    for (int i = 0; i < 3; i++) {
      runs.add("4 passed");
    }
    assertThat(of(runs.toArray(String[]::new))).isPresent();
    runs.add("6 passed");
    assertThat(of(runs.toArray(String[]::new))).isEmpty();
  }

  private static Optional<ParallelOnly> of(String... runs) {
    var recorded = new ArrayList<RecordedTest>();
    for (String run : runs) {
      var words = run.split(" ", 2);
      recorded.add(
          TestingSuite.recorded(
              TEST, recorded.size(), Integer.parseInt(words[0]), Outcome.ofWord(words[1]), 0.1, 1));
    }
    return ParallelOnly.of(TEST, recorded);
  }
}
