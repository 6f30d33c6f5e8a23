package dev.plimsoll.calibrate;

import dev.plimsoll.calibrate.choice.Level;
import dev.plimsoll.calibrate.choice.Measurement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// Everything that is known of a suite's levels.
///
/// @param trials what this calibration has measured, in order
/// @param past other runs of the same code on this kind of machine, whose failures count too
public record RampState(RampPlan plan, List<Trial> trials, List<PastRun> past) {
  public RampState {
    trials = List.copyOf(trials);
    past = List.copyOf(past);
  }

  public RampState(RampPlan plan, List<Trial> trials) {
    this(plan, trials, List.of());
  }

  RampState with(Trial trial) {
    var more = new ArrayList<>(trials);
    more.add(trial);
    return new RampState(plan, more, past);
  }

  /// The same with a run more that was no trial of a level; a run counts once.
  public RampState with(PastRun run) {
    boolean known =
        Stream.concat(past.stream().map(PastRun::run), trials.stream().map(Trial::run))
            .anyMatch(id -> !id.isEmpty() && id.equals(run.run()));
    if (known) {
      return this;
    }
    var more = new ArrayList<>(past);
    more.add(run);
    return new RampState(plan, trials, more);
  }

  Baseline baseline() {
    return Baseline.of(trials, past);
  }

  /// The runs as the choice sees them: every trial, and past runs that failed.
  public List<Measurement> judged() {
    if (trials.isEmpty()) {
      return List.of();
    }
    var baseline = baseline();
    var rows = new ArrayList<>(trials.stream().map(baseline::judge).toList());
    past.stream()
        .map(baseline::judge)
        .filter(row -> row.workers() > 1 && !row.outcomes().clean())
        .forEach(rows::add);
    return rows;
  }

  /// Tests that failed in a trial and do not fail with one worker.
  public List<String> newFailures(Trial trial) {
    return baseline().parallelOnly(trial);
  }

  /// The levels that this calibration measured.
  public List<Level> levels() {
    if (trials.isEmpty()) {
      return List.of();
    }
    var baseline = baseline();
    return Level.of(trials.stream().map(baseline::judge).toList());
  }

  int runs(int workers) {
    return (int) trials.stream().filter(trial -> trial.workers() == workers).count();
  }

  /// Runs of a level that other programs did not disturb.
  int quietRuns(int workers) {
    return (int)
        trials.stream()
            .filter(trial -> trial.workers() == workers && !trial.background().noisy())
            .count();
  }

  int highest() {
    return trials.stream().mapToInt(Trial::workers).max().orElse(0);
  }

  /// How long the trials took.
  public Duration spent() {
    return trials.stream().map(Trial::time).reduce(Duration.ZERO, Duration::plus);
  }

  /// The lowest level that failed.
  OptionalInt failed() {
    return Level.of(judged()).stream()
        .filter(level -> !level.clean())
        .mapToInt(Level::workers)
        .min();
  }

  /// Measured levels below the lowest one that failed.
  List<Level> standing() {
    int ceiling = failed().orElse(Integer.MAX_VALUE);
    return levels().stream().filter(level -> level.workers() < ceiling).toList();
  }

  /// The share of later runs that is expected to fail at a level.
  public double risk(int workers) {
    var baseline = baseline();
    var runs = new ArrayList<FailureRisk.Run>();
    for (Trial trial : trials) {
      boolean failed = !baseline.judge(trial).outcomes().clean();
      runs.add(new FailureRisk.Run(trial.workers(), failed));
    }
    for (PastRun run : past) {
      boolean failed = !baseline.judge(run).outcomes().clean();
      if (failed || run.tests() >= baseline.reference().tests()) {
        runs.add(new FailureRisk.Run(run.workers(), failed));
      }
    }
    return FailureRisk.of(plan.levels(), runs).at(workers);
  }
}
