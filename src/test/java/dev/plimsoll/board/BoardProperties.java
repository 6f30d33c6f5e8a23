package dev.plimsoll.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;

/// What holds for every simulated run.
final class BoardProperties {
  /// A machine is dead after 20 seconds; a test can lose two.
  private static final double TWO_DEATHS = 40;

  private BoardProperties() {}

  static void check(BoardSimulation.Outcome outcome, BoardSimulation.Plan plan, String of) {
    assertThat(outcome.over()).describedAs("the run ends; %s", of).isTrue();
    assertThat(verdicts(outcome.log(), plan.tests())).describedAs(of).isEqualTo(plan.tests());
    assertThat(outcome.log()).describedAs("no test has two verdicts; %s", of).hasSize(plan.tests());
    assertThat(outcome.mostStarts()).describedAs("starts of a test; %s", of).isLessThanOrEqualTo(3);
    assertThat(outcome.killed())
        .describedAs("machines that poison tests took; %s", of)
        .isLessThanOrEqualTo(2 * plan.poison());
    assertThat(outcome.log().stream().filter(line -> line.endsWith(" died")).count())
        .describedAs("tests that died twice; %s", of)
        .isLessThanOrEqualTo(plan.poison());
    assertThat(outcome.tooLarge()).describedAs("tests on small machines; %s", of).isZero();
    assertThat(outcome.twice()).describedAs("tests of two members; %s", of).isZero();
    double stopped = (plan.frozen() > 0 ? 40 : 0) + 20.0 * plan.restarts();
    assertThat(outcome.quiet())
        .describedAs("seconds without a result; %s", of)
        .isLessThanOrEqualTo(TWO_DEATHS + stopped + 2 * outcome.longestTest());
  }

  /// How many tests the log has; a line is `EPOCH TEST ...`.
  private static int verdicts(List<String> log, int tests) {
    var seen = new BitSet(tests);
    for (String line : log) {
      int start = line.indexOf(' ') + 1;
      seen.set(Integer.parseInt(line, start, line.indexOf(' ', start), 10));
    }
    return seen.cardinality();
  }
}
