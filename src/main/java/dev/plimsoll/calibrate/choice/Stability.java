package dev.plimsoll.calibrate.choice;

import dev.plimsoll.calibrate.choice.Rejected.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedSet;
import java.util.TreeSet;

/// Sort out the levels that are not stable.
///
/// A level is unstable when a run of it failed or was cut short, when its runs differ in what
/// passed, when nothing passed, when it was run too few times, and when fewer tests passed than at
/// a lower level (a pass that becomes a skip) or some went missing. What a level is compared with
/// are lower levels without failures only, so an unstable level and a higher one change nothing for
/// the others.
final class Stability {
  private final int runs;
  private final List<Level> clean;
  private final SequencedSet<String> parts = new TreeSet<>();

  Stability(List<Level> levels, int runs) {
    this.runs = runs;
    this.clean = levels.stream().filter(l -> l.clean() && !l.unsteady()).toList();
    clean.forEach(level -> parts.addAll(level.names()));
  }

  /// The levels that are not stable, and why.
  static Map<Level, Rejected> unstable(List<Level> levels, int runs) {
    var stability = new Stability(levels, runs);
    var rejected = new LinkedHashMap<Level, Rejected>();
    for (Level level : levels) {
      stability.objection(level).ifPresent(objection -> rejected.put(level, objection));
    }
    return rejected;
  }

  private Optional<Rejected> objection(Level level) {
    if (!level.clean()) {
      var failures = failures(level);
      return unstable(
          level, "failed (" + CalibrationWords.some(failures) + ")", detail(level, failures));
    }
    if (level.unsteady()) {
      return unstable(level, "changed outcomes from run to run", "");
    }
    if (level.passed().equals(OptionalInt.of(0))) {
      return unstable(level, "proved nothing", "no test passed");
    }
    var missing = new TreeSet<>(parts);
    missing.removeAll(level.names());
    if (!missing.isEmpty() && !level.parts().containsKey("")) {
      return rejected(
          level,
          Kind.INCOMPLETE,
          "were measured in part",
          "missing: " + String.join(", ", missing));
    }
    if (level.runs() < runs) {
      String reason = "were run only " + CalibrationWords.times(level.runs()) + " of " + runs;
      return rejected(level, Kind.INCOMPLETE, reason, "");
    }
    return changedOutcomes(level);
  }

  private Optional<Rejected> changedOutcomes(Level level) {
    return clean.stream()
        .filter(lower -> lower.workers() < level.workers() && lower.comparesWith(level))
        .flatMap(lower -> changedOutcomes(level, lower).stream())
        .findFirst();
  }

  private static Optional<Rejected> changedOutcomes(Level level, Level lower) {
    int lost = missing(lower.passed(), level.passed());
    int passed = level.passed().orElse(0);
    String detail = passed + " passed against " + (passed + lost);
    if (level.skipped().isPresent() && lower.skipped().isPresent()) {
      int gone = lost + missing(lower.skipped(), level.skipped());
      int total = passed + level.skipped().getAsInt();
      if (gone > 0) {
        String totals = "%d tests against %d at %d".formatted(total, total + gone, lower.workers());
        return unstable(level, "lost " + CalibrationWords.tests(gone), totals);
      }
      if (lost > 0 && gone == 0) {
        String pass = lost == 1 ? " that passes with " : " that pass with ";
        return unstable(
            level, "skipped " + CalibrationWords.tests(lost) + pass + lower.workers(), detail);
      }
    }
    return lost > 0
        ? unstable(
            level,
            "passed %s fewer than %d".formatted(CalibrationWords.tests(lost), lower.workers()),
            detail)
        : Optional.empty();
  }

  /// How many fewer there are; 0 when either is not known.
  private static int missing(OptionalInt before, OptionalInt now) {
    return before.isPresent() && now.isPresent() ? before.getAsInt() - now.getAsInt() : 0;
  }

  /// Failed tests by name, then how many more failed, then what else went wrong.
  private static List<String> failures(Level level) {
    var tests = new TreeSet<String>();
    var troubles = new TreeSet<String>();
    int unnamed = 0;
    for (Measurement row : level.rows()) {
      Outcomes outcomes = row.outcomes();
      tests.addAll(outcomes.failedTests());
      troubles.addAll(outcomes.troubles());
      unnamed = Math.max(unnamed, outcomes.failed() - outcomes.failedTests().size());
    }
    var failures = new ArrayList<String>(tests);
    if (unnamed > 0) {
      failures.add(CalibrationWords.tests(unnamed));
    }
    failures.addAll(troubles);
    return failures;
  }

  private static String detail(Level level, List<String> failures) {
    int all = level.rows().size();
    long failed = level.rows().stream().filter(row -> !row.outcomes().clean()).count();
    String share = all > 1 ? " in " + failed + " of " + all + " runs" : "";
    return String.join(", ", failures) + share;
  }

  private static Optional<Rejected> unstable(Level level, String reason, String detail) {
    return rejected(level, Kind.UNSTABLE, reason, detail);
  }

  private static Optional<Rejected> rejected(
      Level level, Kind kind, String predicate, String detail) {
    return Optional.of(new Rejected(level.workers(), kind, predicate, detail));
  }
}
