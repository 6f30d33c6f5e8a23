package dev.plimsoll.calibrate.choice;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// Tests that fail in every run with one worker: no number of workers is to blame for them.
///
/// @param tests by name
public record KnownFailures(SortedSet<String> tests) {
  /// Those of these rows. A suite that was measured in parts has them by part.
  static KnownFailures of(List<Measurement> rows) {
    var known = new TreeSet<String>();
    Level.of(rows).stream()
        .filter(level -> level.workers() == 1)
        .flatMap(level -> level.parts().values().stream())
        .forEach(runs -> known.addAll(inEvery(runs)));
    return new KnownFailures(known);
  }

  private static SortedSet<String> inEvery(List<Measurement> runs) {
    var tests = new TreeSet<>(runs.getFirst().outcomes().failedTests());
    runs.forEach(run -> tests.retainAll(run.outcomes().failedTests()));
    return tests;
  }

  /// The rows without these failures.
  List<Measurement> without(List<Measurement> rows) {
    return tests.isEmpty() ? rows : rows.stream().map(this::without).toList();
  }

  private Measurement without(Measurement row) {
    return new Measurement(
        row.workers(),
        row.part(),
        row.outcomes().without(tests),
        row.time(),
        row.memory(),
        row.noisy());
  }

  /// The choice with a note that names them.
  Choice note(Choice choice) {
    if (tests.isEmpty()) {
      return choice;
    }
    var notes = new ArrayList<>(choice.notes());
    notes.add(words(tests));
    return new Choice(choice.workers(), choice.reason(), choice.rejected(), notes);
  }

  public static String words(SortedSet<String> tests) {
    return "%s with 1 worker too and %s against no level: %s"
        .formatted(
            tests.size() == 1 ? "1 test fails" : tests.size() + " tests fail",
            tests.size() == 1 ? "counts" : "count",
            String.join(", ", tests));
  }
}
