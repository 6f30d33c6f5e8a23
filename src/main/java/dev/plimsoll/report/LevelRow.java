package dev.plimsoll.report;

import dev.plimsoll.calibrate.Calibration;
import dev.plimsoll.calibrate.Trial;
import dev.plimsoll.calibrate.choice.Amount;
import dev.plimsoll.calibrate.choice.Choice;
import dev.plimsoll.calibrate.choice.Level;
import dev.plimsoll.calibrate.choice.Rejected;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RamAfter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A row of a suite's table: the measurements of one level.
///
/// @param runs how many times it was run, 0 when it was not tried
/// @param outcome in words
/// @param times of the single runs, in their order
/// @param median of the undisturbed runs
/// @param spread between fastest and slowest run, as a share of the median
/// @param after memory after the last run
/// @param verdict `chosen`, or why it was not
public record LevelRow(
    int workers,
    int runs,
    String outcome,
    boolean stable,
    boolean chosen,
    List<Duration> times,
    Duration median,
    double spread,
    Amount peak,
    RamAfter after,
    Amount swap,
    String verdict) {
  public LevelRow {
    times = List.copyOf(times);
  }

  /// One row for each level that was tried or ruled out, fewest workers first.
  public static List<LevelRow> of(Calibration calibration) {
    var rows = new TreeMap<Integer, LevelRow>();
    var choice = calibration.choice();
    for (Level level : calibration.state().levels()) {
      rows.put(level.workers(), measured(level, calibration));
    }
    for (Rejected level : choice.rejected()) {
      if (level.kind() == Rejected.Kind.NOT_TRIED && !level.detail().isEmpty()) {
        rows.putIfAbsent(level.workers(), notTried(level));
      }
    }
    return List.copyOf(rows.values());
  }

  private static LevelRow measured(Level level, Calibration calibration) {
    var trials =
        calibration.state().trials().stream()
            .filter(trial -> trial.workers() == level.workers())
            .toList();
    Choice choice = calibration.choice();
    boolean stable =
        level.rows().stream().allMatch(row -> row.outcomes().clean()) && !above(choice, level);
    return new LevelRow(
        level.workers(),
        trials.size(),
        outcome(trials),
        stable,
        choice.workers() == level.workers(),
        trials.stream().map(Trial::time).toList(),
        level.time(),
        level.spread(),
        level.peak(),
        trials.getLast().memory().after(),
        level.swapAfter(),
        verdict(choice, level.workers()) + disturbed(trials));
  }

  private static boolean above(Choice choice, Level level) {
    return choice.rejected().stream()
        .anyMatch(r -> r.workers() == level.workers() && r.note().startsWith("above "));
  }

  private static LevelRow notTried(Rejected level) {
    return new LevelRow(
        level.workers(),
        0,
        "not tried",
        false,
        false,
        List.of(),
        Duration.ZERO,
        0,
        Amount.UNKNOWN,
        RamAfter.UNKNOWN,
        Amount.UNKNOWN,
        clause(level));
  }

  private static String outcome(List<Trial> trials) {
    var bad =
        trials.stream().filter(t -> !failures(t).isEmpty()).flatMap(t -> failures(t).stream());
    String failures = bad.distinct().limit(4).collect(Collectors.joining(", "));
    if (!failures.isEmpty()) {
      long failed = trials.stream().filter(trial -> !failures(trial).isEmpty()).count();
      return "failed in %d of %d: %s".formatted(failed, trials.size(), failures);
    }
    Trial last = trials.getLast();
    if (last.tests() == 0) {
      return "passed";
    }
    long skipped = last.unusual().values().stream().filter(o -> o == Outcome.SKIPPED).count();
    int passed = last.tests() - last.unusual().size();
    return passed + " passed" + (skipped == 0 ? "" : ", " + skipped + " skipped");
  }

  private static List<String> failures(Trial trial) {
    var failures = new ArrayList<String>();
    trial
        .unusual()
        .forEach((test, outcome) -> {
          if (outcome.isRed()) {
            failures.add(test);
          }
        });
    failures.addAll(trial.troubles());
    return failures;
  }

  private static String verdict(Choice choice, int workers) {
    if (choice.workers() == workers) {
      return "chosen";
    }
    return choice.rejected().stream()
        .filter(level -> level.workers() == workers)
        .map(LevelRow::clause)
        .findFirst()
        .orElse("");
  }

  /// The reason, as it appears in the row of the level.
  private static String clause(Rejected level) {
    String clause = level.note();
    if (clause.startsWith("failed")) {
      return "unstable";
    }
    boolean forecast = level.kind() == Rejected.Kind.NOT_TRIED && !level.detail().isEmpty();
    return forecast ? clause + ": " + level.detail() : clause;
  }

  private static String disturbed(List<Trial> trials) {
    var noisy = trials.stream().filter(trial -> trial.background().noisy()).toList();
    if (noisy.isEmpty()) {
      return "";
    }
    double cores = noisy.stream().mapToDouble(t -> t.background().cores()).max().orElse(0);
    return String.format(
        Locale.ROOT, "; other programs: %.1f cores in %s", cores, Words.count(noisy.size(), "run"));
  }
}
