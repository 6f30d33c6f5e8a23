package dev.plimsoll.cli.diagnose;

import dev.plimsoll.calibrate.Calibration;
import dev.plimsoll.calibrate.ParallelFailure;
import dev.plimsoll.cli.calibration.Calibrations;
import dev.plimsoll.config.Config;
import dev.plimsoll.diagnose.Failure;
import dev.plimsoll.diagnose.Pool;
import dev.plimsoll.diagnose.Suspects;
import dev.plimsoll.diagnose.Way;
import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.report.FailureText;
import dev.plimsoll.run.experiment.ExperimentRunner;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The recorded failures of a test, and which tests ran with it.
///
/// @param calibrated its failures that only parallel runs of a calibration had
/// @param run the newest recorded run in which it failed
record Suspicion(String test, Optional<ParallelFailure> calibrated, Optional<RunSummary> run) {
  /// With fewer workers, interfering tests rarely show.
  private static final int USUAL_WORKERS = 4;

  static Suspicion of(String test, Config config, HistoryStore store, Consumer<String> warn) {
    Optional<ParallelFailure> failure =
        Calibrations.usable(config, warn).stream()
            .map(Calibration::state)
            .flatMap(state -> ParallelFailure.of(state).stream())
            .filter(one -> one.test().equals(test))
            .findFirst();
    return new Suspicion(test, failure, store.lastFailure(test));
  }

  /// Why it failed in that run.
  Failure failure() {
    return run.stream()
        .flatMap(summary -> summary.results().stream())
        .filter(result -> result.id().equals(test) && result.outcome().isRed())
        .map(FailureText::cause)
        .findFirst()
        .map(Failure::new)
        .orElse(Failure.UNKNOWN);
  }

  List<Pool> pools(ExperimentRunner runner) {
    return Suspects.of(
        test,
        runner.others(test, Way.BEFORE),
        runner.others(test, Way.CONCURRENT),
        calibrated.map(ParallelFailure::beside).orElse(List.of()),
        run.map(RunSummary::results).orElse(List.of()));
  }

  /// As many workers as when it failed, or more than it usually gets.
  int workers(ExperimentRunner runner) {
    int recorded =
        run.map(RunSummary::workers).map(w -> w.getOrDefault(runner.group(test), 0)).orElse(0);
    return calibrated
        .map(ParallelFailure::level)
        .orElse(recorded > 1 ? recorded : Math.max(USUAL_WORKERS, runner.configuredWorkers(test)));
  }
}
