package dev.plimsoll.cli.calibration;

import dev.plimsoll.calibrate.Calibration;
import dev.plimsoll.calibrate.RampState;
import dev.plimsoll.calibrate.SuiteProof;
import dev.plimsoll.calibrate.SuiteProof.Next;
import dev.plimsoll.calibrate.Trials;
import dev.plimsoll.calibrate.choice.Choice;
import dev.plimsoll.model.RunSummary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;

/// Calibrates groups, and proves their levels together before it stores the choice.
final class SuiteLoop {
  private final Map<String, CalibrationLoop> loops;
  private final Function<Map<String, Integer>, RunSummary> together;
  private final Forecast forecast;
  private final Consumer<String> messages;

  /// @param loops one for each group, in the order in which they run
  /// @param together runs the whole suite with these workers
  /// @param forecast what the whole calibration still costs
  /// @param messages receives what happens
  SuiteLoop(
      Map<String, CalibrationLoop> loops,
      Function<Map<String, Integer>, RunSummary> together,
      Forecast forecast,
      Consumer<String> messages) {
    this.loops = new LinkedHashMap<>(loops);
    this.together = together;
    this.forecast = forecast;
    this.messages = messages;
  }

  /// Go on from here to the choice.
  List<Calibration> run(SuiteProof begun) {
    SuiteProof proof = begun;
    forecast.learn(proof);
    while (true) {
      switch (proof.next()) {
        case Next.Measure(String group) ->
            proof = proof.with(group, loop(group).measure(state(proof, group)));
        case Next.Together(Map<String, Integer> workers, int run) ->
            proof = together(proof, workers, run);
        case Next.Done(Map<String, Choice> choices, boolean _) -> {
          var done = new ArrayList<Calibration>();
          for (String group : choices.keySet()) {
            done.add(loop(group).finish(state(proof, group), proof.passed()));
          }
          return done;
        }
      }
    }
  }

  private SuiteProof together(SuiteProof proof, Map<String, Integer> workers, int run) {
    messages.accept(CalibrationText.together(workers, run));
    var shares = Trials.shares(together.apply(workers), workers);
    SuiteProof after = proof.after(shares);
    forecast.learn(after);
    messages.accept(CalibrationText.outcome(after, shares, forecast.left()));
    shares.keySet().forEach(group -> loop(group).keep(state(after, group)));
    return after;
  }

  private CalibrationLoop loop(String group) {
    return Objects.requireNonNull(loops.get(group));
  }

  private static RampState state(SuiteProof proof, String group) {
    return Objects.requireNonNull(proof.groups().get(group));
  }
}
