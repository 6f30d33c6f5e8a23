package dev.plimsoll.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/// What holds on the board whatever happens, and how soon it ends. {@link BoardSimulations} are
/// more and larger ones.
class BoardSimulationTest {
  private static final int SEEDS = 12;
  private static final int NODES = 30;
  private static final int TESTS = 6_000;

  /// A run must be long against the 20 seconds after which a machine counts as dead.
  private static final BoardSimulation.Plan LONG =
      new BoardSimulation.Plan(20, 60_000, 0, 0, 0, 0, 0);

  private static final int LONG_SEEDS = 3;

  private static BoardSimulation.Outcome run(long seed, BoardSimulation.Plan plan) {
    return new BoardSimulation(seed, plan).run();
  }

  @Test
  void everyTestHasOneVerdictWhateverHappens() {
    for (int seed = 0; seed < SEEDS; seed++) {
      var random = new Random(seed);
      var plan =
          new BoardSimulation.Plan(
              NODES,
              TESTS,
              random.nextInt(NODES / 5),
              random.nextInt(NODES / 5),
              random.nextInt(3),
              random.nextInt(3),
              random.nextInt(NODES / 5));
      BoardProperties.check(run(seed, plan), plan, "seed %d: %s".formatted(seed, plan));
    }
  }

  @Test
  void theSameSeedGivesTheSameTrace() {
    var plan = new BoardSimulation.Plan(NODES, TESTS / 4, 3, 3, 1, 1, 3);
    assertThat(run(7, plan).log()).isEqualTo(run(7, plan).log());
  }

  @Test
  void endsSoon() {
    assertThat(meanOfBound(LONG)).isLessThanOrEqualTo(1.15);
  }

  @Test
  void endsSoonWhenATenthOfTheMachinesIsLost() {
    var lost = new BoardSimulation.Plan(LONG.nodes(), LONG.tests(), LONG.nodes() / 10, 0, 0, 0, 0);
    assertThat(meanOfBound(lost)).isLessThanOrEqualTo(1.20);
  }

  private static double meanOfBound(BoardSimulation.Plan plan) {
    double mean = 0;
    double idle = 0;
    for (int seed = 0; seed < LONG_SEEDS; seed++) {
      var outcome = run(seed, plan);
      BoardProperties.check(outcome, plan, "seed " + seed);
      mean += outcome.ofBound() / LONG_SEEDS;
      idle += outcome.idleSeconds() / (double) LONG_SEEDS;
    }
    System.getLogger(BoardSimulationTest.class.getName())
        .log(System.Logger.Level.INFO, "{0} of the bound; a machine idles {1} s", mean, idle);
    return mean;
  }
}
