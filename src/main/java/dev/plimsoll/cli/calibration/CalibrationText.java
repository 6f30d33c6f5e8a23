package dev.plimsoll.cli.calibration;

import dev.plimsoll.calibrate.Calibration;
import dev.plimsoll.calibrate.ParallelFailure;
import dev.plimsoll.calibrate.PastRun;
import dev.plimsoll.calibrate.RampState;
import dev.plimsoll.calibrate.SuiteProof;
import dev.plimsoll.calibrate.Trial;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.report.LevelRow;
import dev.plimsoll.report.Words;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// A calibration as plain text for a terminal.
public final class CalibrationText {
  private CalibrationText() {}

  /// The head of the table that grows with a ramp.
  static final String HEADER = "  workers  run     time       peak  outcome";

  /// What a calibration costs that is about to start.
  static String cost(Collection<String> suites, String left) {
    return "calibrating %s: %s if all pass".formatted(String.join(", ", suites), left);
  }

  /// Runs and the time that they take; empty without runs.
  ///
  /// @param time empty when it is not known
  static String left(int runs, Optional<Duration> time) {
    return runs == 0
        ? ""
        : "about "
            + Words.count(runs, "run")
            + time.map(known -> " and " + duration(known)).orElse("");
  }

  /// @param before stands between what was said and this
  private static String andLeft(String before, String left) {
    return left.isEmpty() ? "" : before + left + " left";
  }

  private static String duration(Duration time) {
    long seconds = Math.max(1, time.toSeconds());
    return seconds < 100 ? seconds + " s" : (seconds + 59) / 60 + " min";
  }

  /// One line for a run that is being measured.
  static String running(String suite, int workers, String left) {
    return suite + ": " + workers(workers) + " ..." + andLeft(" ", left);
  }

  /// The row of the run that ended last.
  ///
  /// @param why what question it was to answer, empty for none
  /// @param left what is still to do
  static String progress(RampState state, String why, String left) {
    Trial trial = state.trials().getLast();
    long run = state.trials().stream().filter(t -> t.workers() == trial.workers()).count();
    var text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "  %7d  %3d  %7s  %9s  ",
                trial.workers(),
                run,
                String.format(Locale.ROOT, "%.1f s", trial.time().toNanos() / 1e9),
                trial.memory().peak().known() ? trial.memory().peak().bytes().toString() : "-"));
    var problems = new ArrayList<>(state.newFailures(trial));
    problems.addAll(trial.troubles());
    var known = new ArrayList<>(trial.failed());
    known.removeAll(problems);
    if (!known.isEmpty()) {
      problems.add(alone(trial, known));
    }
    text.append(problems.isEmpty() ? "passed" : String.join("; ", first(problems)));
    if (trial.background().noisy()) {
      text.append(
          String.format(Locale.ROOT, " (other programs: %.1f cores)", trial.background().cores()));
    }
    text.append(why.isEmpty() ? "" : "  (again: " + why + ")");
    return text.append(andLeft("; ", left)).toString();
  }

  /// What is no fault of the level: tests that fail with one worker too.
  private static String alone(Trial trial, List<String> known) {
    var counts = new EnumMap<Outcome, Integer>(Outcome.class);
    known.forEach(test -> counts.merge(trial.unusual().get(test), 1, Integer::sum));
    String words =
        counts.entrySet().stream()
            .map(count -> count.getValue() + " " + count.getKey().word())
            .collect(Collectors.joining(", "));
    return trial.workers() == 1 ? words : words + " as with 1 worker (not counted)";
  }

  private static List<String> first(List<String> problems) {
    if (problems.size() <= 3) {
      return problems;
    }
    var first = new ArrayList<>(problems.subList(0, 3));
    first.add((problems.size() - 3) + " more");
    return first;
  }

  /// What is run together, and for which time in a row.
  static String together(Map<String, Integer> workers, int run) {
    String levels =
        workers.entrySet().stream()
            .map(group -> group.getKey() + " " + group.getValue())
            .collect(Collectors.joining(", "));
    return "the whole suite with " + levels + ", run " + run;
  }

  /// What the whole suite did.
  ///
  /// @param left what is still to do
  static String outcome(SuiteProof proof, Map<String, PastRun> shares, String left) {
    if (proof.passed() > 0) {
      return "  passed" + andLeft("; ", left);
    }
    var failed = new ArrayList<String>();
    shares.forEach((group, share) -> {
      var problems = new ArrayList<>(proof.newFailures(group, share));
      problems.addAll(share.troubles());
      if (!problems.isEmpty()) {
        failed.add(
            "  %s failed with %s: %s; its level steps back"
                .formatted(group, workers(share.workers()), String.join("; ", first(problems))));
      }
    });
    return String.join("\n", failed);
  }

  /// The result of one suite.
  static String result(Calibration calibration) {
    var choice = calibration.choice();
    var text = new StringBuilder(calibration.suite()).append(": ");
    text.append(choice.found() ? workers(choice.workers()) : "no level chosen").append('\n');
    text.append("  why: ").append(choice.reason()).append('\n');
    text.append("  end: ").append(calibration.end()).append('\n');
    if (calibration.together() > 0) {
      text.append("  together: the whole suite passed ")
          .append(Words.count(calibration.together(), "time"))
          .append(" in a row at the chosen levels\n");
    }
    text.append("  spent: ").append(spent(calibration)).append("\n\n");
    text.append("  workers  runs     time  spread       peak  outcome\n");
    for (LevelRow row : LevelRow.of(calibration)) {
      text.append(row(row));
    }
    text.append('\n');
    calibration.doubt().ifPresent(doubt -> text.append("  warning: ").append(doubt).append('\n'));
    choice.notes().forEach(note -> text.append("  note: ").append(note).append('\n'));
    for (ParallelFailure failure : ParallelFailure.of(calibration.state())) {
      text.append("  note: ").append(failure.words(calibration.engine())).append('\n');
    }
    return text.toString();
  }

  /// The runs that the group took, and their time.
  private static String spent(Calibration calibration) {
    RampState state = calibration.state();
    return Words.count(state.trials().size(), "run") + " in " + duration(state.spent());
  }

  private static String row(LevelRow row) {
    boolean tried = row.runs() > 0;
    return String.format(
                Locale.ROOT,
                "%s %7d  %4s  %7s  %6s  %9s  %s%s",
                row.chosen() ? "*" : " ",
                row.workers(),
                tried ? "" + row.runs() : "",
                tried ? String.format(Locale.ROOT, "%.1f s", row.median().toNanos() / 1e9) : "",
                row.runs() > 1 ? String.format(Locale.ROOT, "%.1f %%", row.spread() * 100) : "",
                row.peak().known() ? row.peak().bytes().toString() : "",
                row.outcome(),
                row.verdict().isEmpty() ? "" : "; " + row.verdict())
            .stripTrailing()
        + "\n";
  }

  public static String workers(int count) {
    return count == 1 ? "1 worker" : count + " workers";
  }
}
