package dev.plimsoll.calibrate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// Everything a calibration has measured, in order.
public record RampState(RampPlan plan, List<Trial> trials) {
  public RampState {
    trials = List.copyOf(trials);
  }

  RampState with(Trial trial) {
    var more = new ArrayList<>(trials);
    more.add(trial);
    return new RampState(plan, more);
  }

  /// The runs as the choice sees them.
  public List<Measurement> judged() {
    if (trials.isEmpty()) {
      return List.of();
    }
    var baseline = Baseline.of(trials);
    return trials.stream().map(baseline::judge).toList();
  }

  public List<Level> levels() {
    return Level.of(judged());
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

  Duration spent() {
    return trials.stream().map(Trial::time).reduce(Duration.ZERO, Duration::plus);
  }

  /// The lowest level that failed.
  OptionalInt failed() {
    return levels().stream().filter(level -> !level.clean()).mapToInt(Level::workers).min();
  }

  /// Levels below the lowest one that failed.
  List<Level> standing() {
    int ceiling = failed().orElse(Integer.MAX_VALUE);
    return levels().stream().filter(level -> level.workers() < ceiling).toList();
  }
}
