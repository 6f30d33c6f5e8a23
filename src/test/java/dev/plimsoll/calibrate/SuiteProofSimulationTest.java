package dev.plimsoll.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.calibrate.choice.Choice;
import dev.plimsoll.calibrate.choice.ChoicePolicy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Whole projects of three groups with hidden instabilities, from some level on, of some
/// probability: how often later runs fail at the levels that were chosen, what the choice costs
/// against the best stable level, and how many runs it takes.
class SuiteProofSimulationTest {
  private static final int PROJECTS = 50;
  private static final List<String> GROUPS = List.of("heavy", "long", "light");
  private static final double MOST_COST = 1.15;

  @Test
  void theChosenLevelsHoldAndCostLittle() {
    var figures = new Figures();
    for (long seed = 0; seed < PROJECTS; seed++) {
      calibrate(seed, figures);
    }
    System.out.println(figures);

    assertThat(figures.failing / figures.levels).isLessThanOrEqualTo(0.02);
    assertThat((double) figures.often / figures.levels)
        .as("share of the groups of which more than a tenth of later runs fails")
        .isLessThanOrEqualTo(0.06);
    assertThat(figures.dear).as("seeds whose choice costs more than 15 %%").isZero();
    assertThat(figures.unproven).isZero();
  }

  private static void calibrate(long seed, Figures figures) {
    var models = new LinkedHashMap<String, TestingSuiteModel>();
    var states = new LinkedHashMap<String, RampState>();
    for (int i = 0; i < GROUPS.size(); i++) {
      var model = new TestingSuiteModel(seed * GROUPS.size() + i, true);
      models.put(GROUPS.get(i), model);
      states.put(GROUPS.get(i), new RampState(plan(model), List.of()));
    }
    var proof = new SuiteProof(states, 0);
    while (true) {
      switch (proof.next()) {
        case SuiteProof.Next.Measure(String group) -> proof = measured(proof, group, models);
        case SuiteProof.Next.Together(Map<String, Integer> workers, int _) -> {
          figures.together++;
          proof = proof.after(together(workers, models));
        }
        case SuiteProof.Next.Done done -> {
          done.choices()
              .forEach((group, choice) -> figures.add(model(models, group), choice, done));
          return;
        }
      }
    }
  }

  private static SuiteProof measured(
      SuiteProof proof, String group, Map<String, TestingSuiteModel> models) {
    Step step = Ramp.resume(Objects.requireNonNull(proof.groups().get(group)));
    int workers =
        switch (step.move()) {
          case Move.Try move -> move.workers();
          case Move.Repeat move -> move.workers();
          case Move.Stop _ -> throw new IllegalStateException("the ramp has ended");
        };
    return proof.with(group, Ramp.after(step.state(), model(models, group).run(workers)).state());
  }

  private static Map<String, PastRun> together(
      Map<String, Integer> workers, Map<String, TestingSuiteModel> models) {
    var runs = new LinkedHashMap<String, PastRun>();
    workers.forEach((group, count) -> {
      Trial trial = model(models, group).run(count);
      runs.put(group, new PastRun("", count, trial.tests(), trial.failed(), trial.troubles()));
    });
    return runs;
  }

  private static TestingSuiteModel model(Map<String, TestingSuiteModel> models, String group) {
    return Objects.requireNonNull(models.get(group));
  }

  private static RampPlan plan(TestingSuiteModel model) {
    return new RampPlan(
        RampPlan.LEVELS, 3, model.budget(), false, Duration.ZERO, ChoicePolicy.DEFAULT);
  }

  private static final class Figures {
    private int levels;
    private int runs;
    private int together;
    private int unproven;
    private int dear;
    private int often;
    private int most;
    private double failing;
    private double worst;
    private double cost;
    private double dearest;

    private void add(TestingSuiteModel model, Choice choice, SuiteProof.Next.Done done) {
      runs += model.count();
      most = Math.max(most, model.count());
      double best =
          RampPlan.LEVELS.stream()
              .filter(model::acceptable)
              .mapToDouble(model::time)
              .min()
              .orElse(0);
      if (!choice.found()) {
        dear += best > 0 ? 1 : 0;
        return;
      }
      levels++;
      unproven += done.proven() ? 0 : 1;
      often += model.failing(choice.workers()) > 0.1 ? 1 : 0;
      failing += model.failing(choice.workers());
      worst = Math.max(worst, model.failing(choice.workers()));
      double ratio = best == 0 ? 1 : model.time(choice.workers()) / best;
      cost += ratio;
      dearest = Math.max(dearest, ratio);
      dear += ratio > MOST_COST ? 1 : 0;
    }

    @Override
    public String toString() {
      return ("%d projects, %d groups with a choice: %.2f %% of later runs fail (worst group %.1f"
              + " %%, %d groups above 10 %%); time %.1f %% above the best stable level (worst %.1f %%); %.1f runs for"
              + " each group (at most %d), %.1f of them of the whole suite; %d runs spent")
          .formatted(
              PROJECTS,
              levels,
              100 * failing / levels,
              100 * worst,
              often,
              100 * (cost / levels - 1),
              100 * (dearest - 1),
              (double) runs / levels,
              most,
              (double) together / PROJECTS,
              runs);
    }
  }
}
