package dev.plimsoll.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.calibrate.choice.Choice;
import dev.plimsoll.calibrate.choice.ChoicePolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The ramp against exhaustive search on simulated machines: how good its choice is, and what it
/// costs.
class RampSimulationTest {
  private static final int SEEDS = 500;
  private static final int RUNS = 3;

  @Test
  void theRampIsNearlyAsGoodAsExhaustiveSearchWithFewerRuns() {
    var figures = new Figures();
    for (long seed = 0; seed < SEEDS; seed++) {
      compare(seed, figures);
    }
    System.out.println(figures);

    assertThat(figures.good).isGreaterThanOrEqualTo(SEEDS * 95 / 100);
    assertThat(figures.runs).isLessThanOrEqualTo(figures.exhaustiveRuns * 60 / 100);
    assertThat(figures.unproven).isZero();
    assertThat(figures.triedAboveFailed).isZero();
  }

  private static void compare(long seed, Figures figures) {
    var machine = new TestingSuiteModel(seed);
    var stop = calibrate(machine);
    int chosen = stop.choice.workers();
    var exhaustive = new TestingSuiteModel(seed);
    int best = exhaustive(exhaustive);
    figures.runs += machine.count();
    figures.exhaustiveRuns += exhaustive.count();
    figures.unproven += chosen > 0 && stop.state.runs(chosen) < RUNS ? 1 : 0;
    int failed = stop.state.failed().orElse(99);
    int first = firstOf(stop.state.trials(), failed);
    figures.triedAboveFailed +=
        stop.state.trials().stream().skip(first + 1L).anyMatch(t -> t.workers() > failed) ? 1 : 0;
    boolean none = chosen == 0 && best == 0;
    boolean sound = chosen > 0 && (chosen == 1 || machine.acceptable(chosen));
    boolean near = best == 0 || (chosen > 0 && machine.time(chosen) <= machine.time(best) * 1.05);
    figures.unsound += chosen > 0 && !sound ? 1 : 0;
    figures.good += none || (sound && near) ? 1 : 0;
  }

  private static int firstOf(List<Trial> trials, int workers) {
    for (int i = 0; i < trials.size(); i++) {
      if (trials.get(i).workers() == workers && !trials.get(i).failed().isEmpty()) {
        return i;
      }
    }
    return trials.size();
  }

  private static End calibrate(TestingSuiteModel machine) {
    var plan =
        new RampPlan(
            RampPlan.LEVELS, RUNS, machine.budget(), false, Duration.ZERO, ChoicePolicy.DEFAULT);
    Step step = Ramp.start(plan);
    while (true) {
      switch (step.move()) {
        case Move.Try move -> step = Ramp.after(step.state(), machine.run(move.workers()));
        case Move.Repeat move -> step = Ramp.after(step.state(), machine.run(move.workers()));
        case Move.Stop stop -> {
          return new End(step.state(), stop.choice());
        }
      }
    }
  }

  /// Every level as often as a proof takes; the fastest of those that passed, by its true time.
  private static int exhaustive(TestingSuiteModel machine) {
    var passed = new ArrayList<Integer>();
    for (int workers : RampPlan.LEVELS) {
      boolean clean = true;
      for (int run = 0; run < RUNS; run++) {
        Trial trial = machine.run(workers);
        clean &= trial.failed().isEmpty() && trial.troubles().isEmpty();
      }
      if (clean && machine.acceptable(workers)) {
        passed.add(workers);
      }
    }
    return passed.stream().min(Comparator.comparingDouble(machine::time)).orElse(0);
  }

  private record End(RampState state, Choice choice) {}

  private static final class Figures {
    private int good;
    private int unsound;
    private int unproven;
    private int triedAboveFailed;
    private int runs;
    private int exhaustiveRuns;

    @Override
    public String toString() {
      return ("ramp against exhaustive search, %d seeds: within 5 %% of the best stable level in %.1f %%,"
              + " with %.1f %% of the runs (%.1f against %.1f); unsound choices %d")
          .formatted(
              SEEDS,
              100.0 * good / SEEDS,
              100.0 * runs / exhaustiveRuns,
              (double) runs / SEEDS,
              (double) exhaustiveRuns / SEEDS,
              unsound);
    }
  }
}
