package dev.plimsoll.cli.calibration;

import dev.plimsoll.calibrate.Calibration;
import dev.plimsoll.calibrate.LevelRunner;
import dev.plimsoll.calibrate.Move;
import dev.plimsoll.calibrate.Ramp;
import dev.plimsoll.calibrate.RampState;
import dev.plimsoll.calibrate.Step;
import dev.plimsoll.calibrate.Trial;
import dev.plimsoll.calibrate.Trials;
import dev.plimsoll.calibrate.choice.Choice;
import dev.plimsoll.memory.MemorySensor;
import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.model.UserError;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Carries out a ramp: runs each move and stores every run before the next one.
final class CalibrationLoop {
  private static final Choice NOT_YET = new Choice(0, "not finished", List.of(), List.of());
  private static final int SHOWN_TESTS = 10;

  private final LevelRunner runner;
  private final CalibrationStore store;
  private final Suite suite;
  private final Forecast forecast;
  private final InstantSource clock;
  private final Consumer<String> now;
  private final Consumer<String> messages;
  private boolean headed;

  /// Why tests of the last run crashed, by id.
  private Map<String, String> crashes = Map.of();

  /// What is calibrated.
  ///
  /// @param code state of the code, empty when it is not known
  /// @param files the group's list, empty for other suites
  /// @param allowFailing whether tests that fail with one worker are taken as the baseline
  record Suite(
      String name,
      String engine,
      String command,
      Machine machine,
      String code,
      List<String> files,
      boolean allowFailing) {}

  /// @param forecast what the whole calibration still costs
  /// @param now receives what is being measured, and an empty string at its end
  /// @param messages receives what was measured
  CalibrationLoop(
      LevelRunner runner,
      CalibrationStore store,
      Suite suite,
      Forecast forecast,
      InstantSource clock,
      Consumer<String> now,
      Consumer<String> messages) {
    this.runner = runner;
    this.store = store;
    this.suite = suite;
    this.forecast = forecast;
    this.clock = clock;
    this.now = now;
    this.messages = messages;
  }

  /// Run the ramp to its end.
  ///
  /// @param state what was measured before; empty for a new calibration
  /// @throws UserError when tests fail with one worker and that is not allowed
  RampState measure(RampState state) {
    Step step = Ramp.resume(state);
    if (step.move() instanceof Move.Stop) {
      return state;
    }
    refuseRed(state);
    headed = false;
    messages.accept(suite.name());
    while (true) {
      switch (step.move()) {
        case Move.Try move -> step = next(step, move.workers(), "");
        case Move.Repeat move -> step = next(step, move.workers(), move.why());
        case Move.Stop _ -> {
          return step.state();
        }
      }
      refuseRed(step.state());
    }
  }

  /// Store the choice of a ramp that has ended.
  ///
  /// @param together how many times in a row the whole suite passed at the chosen levels
  Calibration finish(RampState state, int together) {
    var stop = (Move.Stop) Ramp.resume(state).move();
    var done = calibration(state, stop.choice(), stop.why(), together);
    store.write(done);
    return done;
  }

  /// Store a state whose choice does not hold yet.
  void keep(RampState state) {
    store.write(calibration(state, NOT_YET, "", 0));
  }

  private Step next(Step step, int workers, String why) {
    now.accept(CalibrationText.running(suite.name(), workers, forecast.left()));
    Trial trial;
    try {
      trial = measure(workers);
    } finally {
      now.accept("");
    }
    Step next = Ramp.after(step.state(), trial);
    keep(next.state());
    forecast.learn(suite.name(), next.state());
    if (!headed) {
      headed = true;
      messages.accept(CalibrationText.HEADER);
    }
    String left = red(next.state()).isEmpty() ? forecast.left() : "";
    messages.accept(CalibrationText.progress(next.state(), why, left));
    return next;
  }

  private Trial measure(int workers) {
    try (var watch = new BackgroundWatch(SystemRoot.system(), available())) {
      RunSummary run = runner.run(suite.name(), workers);
      crashes =
          run.results().stream()
              .filter(result -> result.outcome() == Outcome.CRASHED && !result.reason().isEmpty())
              .collect(Collectors.toMap(TestResult::id, TestResult::reason, (first, _) -> first));
      return Trials.of(run, workers, watch.end(available()));
    }
  }

  /// A suite that fails with one worker is not worth seven levels, unless that is its usual state.
  private void refuseRed(RampState state) {
    List<String> red = red(state);
    if (red.isEmpty()) {
      return;
    }
    var shown =
        red.stream()
            .limit(SHOWN_TESTS)
            .map(test -> crashes.containsKey(test) ? test + ": " + crashes.get(test) : test)
            .toList();
    String more = red.size() > shown.size() ? "\n%d more".formatted(red.size() - shown.size()) : "";
    throw new UserError(
        "`%s` fails with 1 worker".formatted(suite.name()),
        String.join("\n", shown) + more,
        "fix these tests, or take their failures as the baseline with `--allow-failing`;"
            + " `--continue` keeps what was measured",
        ExitCode.TESTS_FAILED);
  }

  /// The tests for which the calibration ends.
  private List<String> red(RampState state) {
    return suite.allowFailing() ? List.of() : Trials.redWithOneWorker(state.trials());
  }

  private Calibration calibration(RampState state, Choice choice, String end, int together) {
    return new Calibration(
        suite.name(),
        suite.engine(),
        suite.command(),
        suite.machine(),
        state.plan().memory(),
        clock.instant(),
        suite.code(),
        suite.files(),
        together,
        state,
        choice,
        end);
  }

  private static Bytes available() {
    try (var sensor = new MemorySensor(SystemRoot.system())) {
      return sensor.sample().available();
    }
  }
}
