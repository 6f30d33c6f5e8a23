package dev.plimsoll.learn;

import dev.plimsoll.model.Mode;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What became of one test in one recorded run.
///
/// @param at start of the run
/// @param workers how many workers ran tests beside it, itself included
public record RecordedTest(Instant at, int workers, TestResult result) {
  /// Sightings of the tests that ran in these runs.
  public static List<RecordedTest> of(List<RunSummary> runs) {
    var recorded = new ArrayList<RecordedTest>();
    for (RunSummary run : runs) {
      var workers = workers(run);
      for (TestResult result : run.results()) {
        boolean ran = result.ran() && !result.worker().isEmpty();
        if (ran && result.outcome() != Outcome.SKIPPED) {
          int beside = workers.getOrDefault(group(run, result), Set.of()).size();
          recorded.add(
              new RecordedTest(run.start(), Math.min(beside, cap(run, result.group())), result));
        }
      }
    }
    return recorded;
  }

  /// The workers seen in each group; in a packed run all groups share them.
  private static Map<String, Set<String>> workers(RunSummary run) {
    var workers = new HashMap<String, Set<String>>();
    for (TestResult result : run.results()) {
      if (!result.worker().isEmpty()) {
        workers.computeIfAbsent(group(run, result), _ -> new HashSet<>()).add(result.worker());
      }
    }
    return workers;
  }

  private static String group(RunSummary run, TestResult result) {
    return run.mode().equals(Mode.PACKED.word()) ? "" : result.group();
  }

  /// How many could run at once: workers that were replaced have names of their own.
  private static int cap(RunSummary run, String group) {
    return Math.max(1, run.workersOf(group));
  }

  boolean red() {
    return result.outcome().isRed();
  }

  boolean measured() {
    return result.source() != PeakSource.NONE;
  }
}
