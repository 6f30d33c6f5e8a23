package dev.plimsoll.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.calibrate.choice.Amount;
import dev.plimsoll.calibrate.choice.ChoicePolicy;
import dev.plimsoll.calibrate.choice.MemoryUse;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RamAfter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class RampTest {
  private final List<String> moves = new ArrayList<>();

  @Test
  void goesUpUntilTwoLevelsGainNothingAndProvesTheChosenOne() {
    var end =
        calibrate(plan(), (workers, run) -> passed(workers, workers < 4 ? 40.0 / workers : 14));

    assertThat(moves).containsExactly("1", "2", "3", "4", "6", "3", "3", "4", "4", "6", "6");
    assertThat(end.choice().workers()).isEqualTo(3);
    assertThat(end.why()).isEqualTo("no time gained by 4 and 6 workers");
    assertThat(end.choice().notes()).isEmpty();
  }

  @Test
  void aTestThatFailsOnlyInParallelStopsTheAscent() {
    var end =
        calibrate(
            plan(),
            (workers, run) ->
                workers >= 4 ? failed(workers, 10, "test_state") : passed(workers, 40.0 / workers));

    assertThat(moves).containsExactly("1", "2", "3", "4", "1?", "1?", "3", "3", "3", "3", "3");
    assertThat(end.choice().workers()).isEqualTo(3);
    assertThat(end.choice().reason())
        .isEqualTo("fastest stable level: 4 workers failed (test_state)");
    assertThat(end.why()).isEqualTo("4 workers failed, and no higher level is tried");
  }

  @Test
  void aFailureWhileProvingFallsBackToTheLevelsBelow() {
    var end =
        calibrate(
            plan(),
            (workers, run) ->
                workers >= 3 && run > 1
                    ? failed(workers, 10, "test_state")
                    : passed(workers, Math.max(10, 40.0 / workers)));

    assertThat(moves)
        .containsExactly(
            "1", "2", "3", "4", "6", "8", "4", "1?", "1?", "3", "2", "2", "2", "2", "2", "2", "2");
    assertThat(end.choice().workers()).isEqualTo(2);
    assertThat(end.choice().reason())
        .isEqualTo(
            "fastest stable level: 3 and 4 workers failed (test_state); 6 and 8 workers are above 3, which"
                + " failed");
  }

  @Test
  void aTestThatFailsWithOneWorkerTooIsNotHeldAgainstALevel() {
    var end =
        calibrate(plan(1, 2), (workers, run) -> failed(workers, 40.0 / workers, "test_known"));

    assertThat(moves).containsExactly("1", "1?", "1?", "2", "2", "2");
    assertThat(end.choice().workers()).isEqualTo(2);
    assertThat(end.choice().notes())
        .containsExactly("1 test fails with 1 worker too and counts against no level: test_known");
  }

  @Test
  void aTestThatIsFlakyWithOneWorkerIsSaidToBe() {
    var end =
        calibrate(
            plan(1, 2),
            (workers, run) ->
                workers == 1 && run != 2
                    ? passed(1, 40)
                    : failed(workers, 40.0 / workers, "test_flaky"));

    assertThat(moves).containsExactly("1", "2", "1?", "2", "2");
    assertThat(end.choice().workers()).isEqualTo(2);
    assertThat(end.choice().notes())
        .containsExactly("test_flaky is flaky with 1 worker and counts against no level");
  }

  @Test
  void aPassThatBecomesASkipIsAFailure() {
    var end =
        calibrate(
            plan(),
            (workers, run) ->
                workers == 1
                    ? passed(1, 40)
                    : trial(workers, 20, Map.of("test_db", Outcome.SKIPPED), List.of(), 100));

    assertThat(end.choice().workers()).isEqualTo(1);
    assertThat(end.choice().reason())
        .isEqualTo("only safe level: 2 workers failed (test_db passed before and is now skipped)");
  }

  @Test
  void aKillWithOneWorkerLeavesNoChoice() {
    var end =
        calibrate(plan(), (workers, run) -> trial(workers, 20, Map.of(), List.of("OOM kill"), 100));

    assertThat(moves).containsExactly("1");
    assertThat(end.choice().found()).isFalse();
    assertThat(end.choice().reason()).isEqualTo("no stable level: 1 worker failed (OOM kill)");
  }

  @Test
  void aLevelThatCannotFitIsNotTriedUnlessForced() {
    BiFunction<Integer, Integer, Trial> suite =
        (workers, run) -> trial(workers, 40.0 / workers, Map.of(), List.of(), 200 + 200L * workers);
    var end = calibrate(plan(Amount.of(Bytes.mib(1100)), false, Duration.ZERO), suite);

    assertThat(end.choice().workers()).isEqualTo(4);
    assertThat(end.why()).isEqualTo("6 workers cannot fit");
    assertThat(end.choice().rejected().get(3).detail())
        .isEqualTo("predicted peak 1.4 GiB, budget 1.1 GiB; `--force` tries it");
    assertThat(moves).doesNotContain("6");

    moves.clear();
    calibrate(plan(Amount.of(Bytes.mib(1100)), true, Duration.ZERO), suite);
    assertThat(moves).contains("6", "8", "12", "16");
  }

  @Test
  void aDisturbedLevelIsMeasuredAgain() {
    var end =
        calibrate(
            plan(1, 2),
            (workers, run) ->
                workers == 2 && run == 1
                    ? new Trial(
                        "",
                        2,
                        Duration.ofSeconds(90),
                        10,
                        Map.of(),
                        List.of(),
                        MemoryUse.UNKNOWN,
                        Background.of(1.5, Bytes.ZERO, 4),
                        List.of())
                    : passed(workers, 40.0 / workers));

    assertThat(moves).containsExactly("1", "2", "2?", "2", "2");
    assertThat(end.choice().workers()).isEqualTo(2);
  }

  @Test
  void theTimeForCalibrationIsKept() {
    var plan = plan(Amount.UNKNOWN, false, Duration.ofSeconds(140));
    var end = calibrate(plan, (workers, run) -> passed(workers, 40.0 / Math.sqrt(workers)));

    assertThat(end.choice().workers()).isEqualTo(3);
    assertThat(end.why()).isEqualTo("the time for calibration leaves no room for a higher level");
    var shorter = plan(Amount.UNKNOWN, false, Duration.ofMinutes(1));
    var none = calibrate(shorter, (workers, run) -> passed(workers, 40.0 / Math.sqrt(workers)));
    assertThat(none.choice().found()).isFalse();
    assertThat(none.choice().reason()).contains("`--continue` goes on");
  }

  @Test
  void aCalibrationGoesOnWhereItEnded() {
    var plan = plan();
    Step step = Ramp.start(plan);
    while (!(step.move() instanceof Move.Stop)) {
      Step resumed = Ramp.resume(new RampState(plan, step.state().trials()));
      assertThat(resumed).isEqualTo(step);
      int workers =
          switch (step.move()) {
            case Move.Try move -> move.workers();
            case Move.Repeat move -> move.workers();
            case Move.Stop _ -> 0;
          };
      step = Ramp.after(step.state(), passed(workers, 40.0 / Math.min(4, workers)));
    }
    assertThat(((Move.Stop) step.move()).choice().workers()).isEqualTo(4);
  }

  private Move.Stop calibrate(RampPlan plan, BiFunction<Integer, Integer, Trial> suite) {
    Step step = Ramp.start(plan);
    while (true) {
      switch (step.move()) {
        case Move.Try move -> {
          moves.add("" + move.workers());
          step = Ramp.after(step.state(), suite.apply(move.workers(), move.run()));
        }
        case Move.Repeat move -> {
          moves.add(move.workers() + "?");
          int run = step.state().runs(move.workers()) + 1;
          step = Ramp.after(step.state(), suite.apply(move.workers(), run));
        }
        case Move.Stop stop -> {
          return stop;
        }
      }
    }
  }

  private static RampPlan plan(Integer... levels) {
    var tried = levels.length == 0 ? RampPlan.LEVELS : List.of(levels);
    return new RampPlan(tried, 3, Amount.UNKNOWN, false, Duration.ZERO, ChoicePolicy.DEFAULT);
  }

  private static RampPlan plan(Amount memory, boolean force, Duration time) {
    return new RampPlan(RampPlan.LEVELS, 3, memory, force, time, ChoicePolicy.DEFAULT);
  }

  private static Trial passed(int workers, double seconds) {
    return trial(workers, seconds, Map.of(), List.of(), 100);
  }

  private static Trial failed(int workers, double seconds, String test) {
    return trial(workers, seconds, Map.of(test, Outcome.FAILED), List.of(), 100);
  }

  private static Trial trial(
      int workers, double seconds, Map<String, Outcome> unusual, List<String> troubles, long peak) {
    var memory =
        new MemoryUse(
            Amount.of(Bytes.ZERO),
            Amount.of(Bytes.ZERO),
            Amount.of(Bytes.mib(peak)),
            Amount.UNKNOWN,
            Amount.UNKNOWN,
            RamAfter.UNKNOWN);
    var time = Duration.ofNanos((long) (seconds * 1e9));
    return new Trial(
        "", workers, time, 10, unusual, troubles, memory, Background.UNKNOWN, List.of());
  }
}
