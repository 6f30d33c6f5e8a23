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
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.RunSummary;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/// Carries out a ramp: runs each move and stores every run before the next one.
final class CalibrationLoop {
  private static final Choice NOT_YET = new Choice(0, "not finished", List.of(), List.of());

  private final LevelRunner runner;
  private final CalibrationStore store;
  private final Machine machine;
  private final InstantSource clock;
  private final Consumer<String> now;
  private final Consumer<String> messages;

  /// @param now receives what is being measured, and an empty string at its end
  /// @param messages receives what was measured
  CalibrationLoop(
      LevelRunner runner,
      CalibrationStore store,
      Machine machine,
      InstantSource clock,
      Consumer<String> now,
      Consumer<String> messages) {
    this.runner = runner;
    this.store = store;
    this.machine = machine;
    this.clock = clock;
    this.now = now;
    this.messages = messages;
  }

  /// Run the ramp to its end.
  ///
  /// @param state what was measured before; empty for a new calibration
  Calibration run(String suite, String engine, String command, RampState state) {
    Step step = Ramp.resume(state);
    while (true) {
      switch (step.move()) {
        case Move.Try move -> step = next(suite, engine, command, step, move.workers(), said(move));
        case Move.Repeat move ->
            step = next(suite, engine, command, step, move.workers(), "again: " + move.why());
        case Move.Stop stop -> {
          var done = calibration(suite, engine, command, step.state(), stop.choice(), stop.why());
          store.write(done);
          return done;
        }
      }
    }
  }

  private static String said(Move.Try move) {
    return "run " + move.run();
  }

  private Step next(
      String suite, String engine, String command, Step step, int workers, String why) {
    now.accept(CalibrationText.running(suite, workers, why));
    Trial trial;
    try {
      trial = measure(suite, workers);
    } finally {
      now.accept("");
    }
    Step next = Ramp.after(step.state(), trial);
    store.write(calibration(suite, engine, command, next.state(), NOT_YET, ""));
    messages.accept(CalibrationText.progress(suite, trial, why));
    return next;
  }

  private Trial measure(String suite, int workers) {
    try (var watch = new BackgroundWatch(SystemRoot.system(), available())) {
      RunSummary run = runner.run(suite, workers);
      return Trials.of(run, workers, watch.end(available()));
    }
  }

  private Calibration calibration(
      String suite, String engine, String command, RampState state, Choice choice, String end) {
    return new Calibration(
        suite,
        engine,
        command,
        machine,
        state.plan().memory(),
        clock.instant(),
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
