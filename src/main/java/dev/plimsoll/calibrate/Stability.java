package dev.plimsoll.calibrate;

import dev.plimsoll.calibrate.Rejected.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeSet;

/// Sort out the levels that are not stable.
///
/// A level is unstable when a run of it failed or was cut short, when its runs differ in what
/// passed, when nothing passed, when it was run too few times, and when tests passed at another
/// level with the same number of tests that did not pass here (a pass that becomes a skip). What a
/// level is compared with are levels without failures only, so an unstable level changes nothing
/// for the others.
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
      return unstable(level, "fails (" + Words.some(failures) + ")", detail(level, failures));
    }
    if (level.unsteady()) {
      return unstable(level, "changes outcomes from run to run", "");
    }
    if (level.counted() && level.passed() == 0) {
      return unstable(level, "proves nothing", "no test passed");
    }
    var missing = new TreeSet<>(parts);
    missing.removeAll(level.names());
    if (!missing.isEmpty() && !level.parts().containsKey("")) {
      return rejected(
          level, Kind.INCOMPLETE, "is incomplete", "missing: " + String.join(", ", missing));
    }
    if (level.runs() < runs) {
      String reason = "was run only " + Words.times(level.runs()) + " of " + runs;
      return unstable(level, reason, "");
    }
    return changedOutcomes(level);
  }

  private Optional<Rejected> changedOutcomes(Level level) {
    if (!level.counted()) {
      return Optional.empty();
    }
    int total = level.passed() + level.skipped();
    for (Level other : clean) {
      if (!other.counted() || !other.parts().keySet().equals(level.parts().keySet())) {
        continue;
      }
      int otherTotal = other.passed() + other.skipped();
      int lost = other.passed() - level.passed();
      if (otherTotal == total && lost > 0) {
        return unstable(
            level,
            "skips "
                + Words.tests(lost)
                + " that pass"
                + (lost == 1 ? "es" : "")
                + " at "
                + other.workers(),
            level.passed() + " passed against " + other.passed());
      }
      if (otherTotal > total && other.workers() < level.workers()) {
        return unstable(
            level,
            "loses " + Words.tests(otherTotal - total),
            total + " tests against " + otherTotal + " at " + other.workers());
      }
    }
    return Optional.empty();
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
      failures.add(Words.tests(unnamed));
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

  private static Optional<Rejected> rejected(Level level, Kind kind, String reason, String detail) {
    return Optional.of(new Rejected(level.workers(), kind, level.workers() + " " + reason, detail));
  }
}
