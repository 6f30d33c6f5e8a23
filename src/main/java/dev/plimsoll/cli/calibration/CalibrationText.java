package dev.plimsoll.cli.calibration;

import dev.plimsoll.calibrate.Calibration;
import dev.plimsoll.calibrate.ParallelFailure;
import dev.plimsoll.calibrate.Trial;
import dev.plimsoll.report.LevelRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A calibration as plain text for a terminal.
public final class CalibrationText {
  private CalibrationText() {}

  /// One line for a run that is being measured.
  static String running(String suite, int workers, String why) {
    return suite + ": " + workers(workers) + ", " + why + " ...";
  }

  /// One line for a run that has ended.
  static String progress(String suite, Trial trial, String why) {
    var text = new StringBuilder(suite).append(": ").append(workers(trial.workers()));
    text.append(", ").append(why).append(": ");
    text.append(String.format(Locale.ROOT, "%.1f s", trial.time().toNanos() / 1e9));
    if (trial.memory().peak().known()) {
      text.append(", peak ").append(trial.memory().peak().bytes());
    }
    var problems = new ArrayList<String>();
    trial
        .unusual()
        .forEach((test, outcome) -> {
          if (outcome.isRed()) {
            problems.add(test + " " + outcome.word());
          }
        });
    problems.addAll(trial.troubles());
    text.append(problems.isEmpty() ? ", passed" : ", " + String.join("; ", first(problems)));
    if (trial.background().noisy()) {
      text.append(
          String.format(
              Locale.ROOT, " (other programs kept %.1f cores busy)", trial.background().cores()));
    }
    return text.toString();
  }

  private static List<String> first(List<String> problems) {
    if (problems.size() <= 3) {
      return problems;
    }
    var first = new ArrayList<>(problems.subList(0, 3));
    first.add((problems.size() - 3) + " more");
    return first;
  }

  /// The result of one suite.
  static String result(Calibration calibration) {
    var choice = calibration.choice();
    var text = new StringBuilder(calibration.suite()).append(": ");
    text.append(choice.found() ? workers(choice.workers()) : "no level chosen").append('\n');
    text.append("  why: ").append(choice.reason()).append('\n');
    text.append("  end: ").append(calibration.end()).append("\n\n");
    text.append("  workers  runs     time  spread       peak  outcome\n");
    for (LevelRow row : LevelRow.of(calibration)) {
      text.append(row(row));
    }
    text.append('\n');
    choice.notes().forEach(note -> text.append("  note: ").append(note).append('\n'));
    for (ParallelFailure failure : ParallelFailure.of(calibration.state())) {
      text.append("  note: ").append(failure.words(calibration.engine())).append('\n');
    }
    return text.toString();
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
