package dev.plimsoll.calibrate;

import dev.plimsoll.calibrate.choice.CalibrationWords;
import dev.plimsoll.calibrate.choice.Measurement;
import dev.plimsoll.calibrate.choice.MemoryUse;
import dev.plimsoll.calibrate.choice.Outcomes;
import dev.plimsoll.model.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// What runs with one worker say about the suite itself, so that parallel runs are not blamed for
/// it.
///
/// @param known tests that fail in every run with one worker
/// @param flaky tests that change their outcome from run to run with one worker
/// @param reference a run to compare outcomes with; the first one with the fewest workers
public record Baseline(SortedSet<String> known, SortedSet<String> flaky, Trial reference) {
  /// The baseline of these runs, of which there is at least one trial.
  ///
  /// @param past runs of the same code before; a test that failed in one of them with one worker
  ///   and passes in a trial is flaky
  public static Baseline of(List<Trial> trials, List<PastRun> past) {
    int fewest = trials.stream().mapToInt(Trial::workers).min().orElseThrow();
    var first = trials.stream().filter(t -> t.workers() == fewest).toList();
    var known = new TreeSet<String>();
    var flaky = new TreeSet<String>();
    if (fewest == 1) {
      var unusual = new TreeSet<String>();
      first.forEach(trial -> unusual.addAll(trial.unusual().keySet()));
      for (String test : unusual) {
        var outcomes = first.stream().map(t -> t.outcome(test)).distinct().toList();
        if (outcomes.size() > 1) {
          flaky.add(test);
        } else if (outcomes.getFirst().isRed()) {
          known.add(test);
        }
      }
    }
    past.stream()
        .filter(run -> run.workers() == 1)
        .flatMap(run -> run.failed().stream())
        .filter(test -> !known.contains(test))
        .forEach(flaky::add);
    return new Baseline(known, flaky, first.getFirst());
  }

  boolean excuses(String test) {
    return known.contains(test) || flaky.contains(test);
  }

  /// Tests that failed in this run and do not fail with one worker.
  List<String> parallelOnly(Trial trial) {
    return parallelOnly(trial.failed());
  }

  List<String> parallelOnly(List<String> failed) {
    return failed.stream().filter(test -> !excuses(test)).toList();
  }

  /// A past run as the choice sees it. Its time is that of other tests too, so it is one that is
  /// not to be trusted.
  Measurement judge(PastRun run) {
    var outcomes = Outcomes.failures(parallelOnly(run.failed()), run.troubles());
    return new Measurement(run.workers(), "", outcomes, Duration.ZERO, MemoryUse.UNKNOWN, true);
  }

  /// The run as the choice sees it: failures with one worker are excused, changed outcomes count.
  Measurement judge(Trial trial) {
    var troubles = new ArrayList<>(trial.troubles());
    var changed = changed(trial);
    if (!changed.isEmpty()) {
      troubles.add(CalibrationWords.some(changed));
    }
    if (trial.tests() > 0 && trial.tests() < reference.tests()) {
      troubles.add(CalibrationWords.tests(reference.tests() - trial.tests()) + " missing");
    }
    if (trial.tests() > 0 && passed(trial) == 0) {
      troubles.add("no test passed");
    }
    var failed = parallelOnly(trial);
    var outcomes = Outcomes.failures(failed, troubles);
    return new Measurement(
        trial.workers(), "", outcomes, trial.time(), trial.memory(), trial.background().noisy());
  }

  private List<String> changed(Trial trial) {
    var tests = new TreeSet<>(trial.unusual().keySet());
    tests.addAll(reference.unusual().keySet());
    var changed = new ArrayList<String>();
    for (String test : tests) {
      Outcome before = reference.outcome(test);
      Outcome now = trial.outcome(test);
      if (before != now && !now.isRed() && !excuses(test)) {
        changed.add(test + " " + before.word() + " before and is now " + now.word());
      }
    }
    return changed;
  }

  private static int passed(Trial trial) {
    return trial.tests() - trial.unusual().size();
  }
}
