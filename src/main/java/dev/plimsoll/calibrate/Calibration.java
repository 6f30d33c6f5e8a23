package dev.plimsoll.calibrate;

import dev.plimsoll.calibrate.choice.Amount;
import dev.plimsoll.calibrate.choice.CalibrationWords;
import dev.plimsoll.calibrate.choice.Choice;
import dev.plimsoll.calibrate.choice.ChoicePolicy;
import dev.plimsoll.calibrate.choice.Level;
import dev.plimsoll.model.Machine;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Everything that is kept of the calibration of one suite on one machine.
///
/// @param engine `fork`, `spawn`, `xdist`, `playwright` or `command`
/// @param command the command line with `{workers}` in it, empty for other engines
/// @param budget what a run could take on this machine then
/// @param at moment of the last run
/// @param code state of the code that ran last, empty when it is not known
/// @param files the group's list when it was measured, empty for other suites
/// @param together how many times in a row the whole suite passed at the chosen levels
/// @param end what ended the ramp, empty while it may go on
/// @param choice the level chosen, without one while `end` is empty
public record Calibration(
    String suite,
    String engine,
    String command,
    Machine machine,
    Amount budget,
    Instant at,
    String code,
    List<String> files,
    int together,
    RampState state,
    Choice choice,
    String end) {
  /// A list that changed by more than this share is another group.
  private static final double MOST_CHANGED = 0.03;

  public Calibration {
    files = List.copyOf(files);
  }

  /// How many files the list has lost and gained since; 0 when they are too few to measure it
  /// again, or the list was not known then.
  public int changed(Collection<String> now) {
    var all = new HashSet<>(now);
    all.addAll(files);
    var both = new HashSet<>(now);
    both.retainAll(files);
    int changed = all.size() - both.size();
    return files.isEmpty() || changed <= files.size() * MOST_CHANGED ? 0 : changed;
  }

  /// Why its times do not show which level is faster: other programs disturbed every run, and no
  /// two runs of a level show that it made no difference.
  public Optional<String> doubt() {
    List<Trial> trials = state.trials();
    if (trials.isEmpty() || !trials.stream().allMatch(trial -> trial.background().noisy())) {
      return Optional.empty();
    }
    boolean repeated = state.levels().stream().anyMatch(level -> level.runs() > 1);
    double spread = state.levels().stream().mapToDouble(Level::spread).max().orElse(0);
    if (repeated && spread <= ChoicePolicy.MOST_SPREAD) {
      return Optional.empty();
    }
    double cores = trials.stream().mapToDouble(t -> t.background().cores()).min().orElse(0);
    return Optional.of(
        "other programs used %s of %s in every run%s; measure again when the machine is idle"
            .formatted(
                String.format(Locale.ROOT, "%.1f", cores),
                machine.cores() == 1 ? "1 core" : machine.cores() + " cores",
                repeated ? ", and the runs differ by " + CalibrationWords.percent(spread) : ""));
  }

  public boolean finished() {
    return !end.isEmpty();
  }
}
