package dev.plimsoll.calibrate;

import dev.plimsoll.calibrate.choice.CalibrationWords;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// A test that fails only in parallel runs.
///
/// @param level the lowest level it failed at
/// @param failed how many runs from that level on it failed in
/// @param runs how many runs from that level on there were
/// @param beside tests that ran at the same time in every failure of which company is known, else
///   those of the first failure
/// @param baseline how many times it passed with one worker
public record ParallelFailure(
    String test, int level, int failed, int runs, List<String> beside, int baseline) {
  /// The failures that only parallel runs have, by test.
  public static List<ParallelFailure> of(RampState state) {
    if (state.trials().isEmpty()) {
      return List.of();
    }
    var baseline = state.baseline();
    var byTest = new TreeMap<String, List<Trial>>();
    for (Trial trial : state.trials()) {
      if (trial.workers() > 1) {
        baseline
            .parallelOnly(trial)
            .forEach(test -> byTest.computeIfAbsent(test, _ -> new ArrayList<>()).add(trial));
      }
    }
    for (PastRun run : state.past()) {
      if (run.workers() > 1) {
        baseline
            .parallelOnly(run.failed())
            .forEach(test -> byTest.computeIfAbsent(test, _ -> new ArrayList<>()));
      }
    }
    var failures = new ArrayList<ParallelFailure>();
    byTest.forEach((test, trials) -> failures.add(of(test, trials, state)));
    return failures;
  }

  private static ParallelFailure of(String test, List<Trial> failed, RampState state) {
    var past = state.past().stream().filter(run -> run.failed().contains(test)).toList();
    int level =
        IntStream.concat(
                failed.stream().mapToInt(Trial::workers), past.stream().mapToInt(PastRun::workers))
            .filter(workers -> workers > 1)
            .min()
            .orElseThrow();
    int tests = state.baseline().reference().tests();
    long runs =
        state.trials().stream().filter(trial -> trial.workers() >= level).count()
            + state.past().stream()
                .filter(run -> run.workers() >= level)
                .filter(run -> run.tests() >= tests || run.failed().contains(test))
                .count();
    return new ParallelFailure(
        test, level, failed.size() + past.size(), (int) runs, beside(test, failed), state.runs(1));
  }

  private static List<String> beside(String test, List<Trial> failed) {
    var counts = new LinkedHashMap<String, Integer>();
    int known = 0;
    for (Trial trial : failed) {
      for (Clash clash : trial.clashes()) {
        if (clash.test().equals(test) && !clash.beside().isEmpty()) {
          known++;
          clash.beside().forEach(other -> counts.merge(other, 1, Integer::sum));
        }
      }
    }
    int all = known;
    var always = counts.keySet().stream().filter(t -> counts.getOrDefault(t, 0) == all).toList();
    return always.isEmpty() ? List.copyOf(counts.keySet()) : always;
  }

  /// The finding, its company and what to do about it.
  ///
  /// @param engine what ran the tests
  public String words(String engine) {
    String company =
        beside.isEmpty() ? "" : " At the same time ran " + CalibrationWords.some(beside) + ".";
    return finding() + "." + company + " " + remedy(engine) + ".";
  }

  /// What was seen, as a clause.
  public String finding() {
    String passed =
        baseline > 0 ? ", and passes with one (" + CalibrationWords.times(baseline) + ")" : "";
    return "%s fails only in parallel: in %d of %d runs with %s or more%s"
        .formatted(test, failed, runs, CalibrationWords.workers(level), passed);
  }

  /// What would keep it from failing.
  public String remedy(String engine) {
    return engine.equals("playwright")
        ? "Give its file a stage of its own with fewer workers, or make its tests wait for each"
            + " other with `test.describe.configure({ mode: 'serial' })`"
        : "Move its file to a group with fewer workers, which `plimsoll groups suggest` names and"
            + " with `--apply` does, or mark what must not run together with"
            + " `@pytest.mark.xdist_group`; `plimsoll diagnose` with its name finds out what that"
            + " is";
  }
}
