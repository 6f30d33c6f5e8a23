package dev.plimsoll.calibrate;

import dev.plimsoll.calibrate.choice.Amount;
import dev.plimsoll.calibrate.choice.MemoryUse;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.RamAfter;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Take from a finished run what a calibration needs.
public final class Trials {
  private Trials() {}

  /// The run as a trial of this level.
  public static Trial of(RunSummary run, int workers, Background background) {
    boolean named = named(run);
    var unusual = new TreeMap<String, Outcome>();
    if (named) {
      for (TestResult result : run.results()) {
        if (result.outcome() != Outcome.PASSED) {
          unusual.put(result.id(), result.outcome());
        }
      }
    }
    return new Trial(
        run.id(),
        workers,
        run.duration(),
        named ? run.results().size() : 0,
        unusual,
        troubles(run, named),
        memory(run),
        background,
        named && workers > 1 ? clashes(run.results()) : List.of());
  }

  /// Tests that failed in every run with one worker, while nothing else was run.
  public static List<String> redWithOneWorker(List<Trial> trials) {
    return trials.isEmpty() || trials.stream().anyMatch(trial -> trial.workers() > 1)
        ? List.of()
        : trials.getFirst().failed().stream()
            .filter(test -> trials.stream().allMatch(trial -> trial.failed().contains(test)))
            .toList();
  }

  /// The share of each group in a run of several. What went wrong beside failing tests is put down
  /// to the groups whose tests crashed, else to the one with the most workers.
  ///
  /// @param workers of the groups
  public static Map<String, PastRun> shares(RunSummary run, Map<String, Integer> workers) {
    var crashed =
        run.results().stream()
            .filter(result -> result.outcome() == Outcome.CRASHED)
            .map(TestResult::group)
            .collect(Collectors.toSet());
    String widest =
        workers.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
    var troubles = troubles(run, true);
    var shares = new LinkedHashMap<String, PastRun>();
    workers.forEach((group, count) -> {
      var own = run.results().stream().filter(result -> result.group().equals(group)).toList();
      var red = own.stream().filter(r -> r.outcome().isRed()).map(TestResult::id).toList();
      boolean blamed = crashed.isEmpty() ? group.equals(widest) : crashed.contains(group);
      shares.put(
          group, new PastRun(run.id(), count, own.size(), red, blamed ? troubles : List.of()));
    });
    return shares;
  }

  /// A command that tells nothing of its tests counts as one test of the suite's name, or as none.
  private static boolean named(RunSummary run) {
    return run.results().size() > 1
        || (run.results().size() == 1 && !run.results().getFirst().path().isEmpty());
  }

  private static List<String> troubles(RunSummary run, boolean named) {
    var troubles = new ArrayList<>(run.evidence());
    if (!run.interrupted().isEmpty()) {
      troubles.add("ended early: " + run.interrupted());
    }
    boolean red = named && run.results().stream().anyMatch(r -> r.outcome().isRed());
    if (run.exitCode() != 0 && !red) {
      troubles.add("exit code " + run.exitCode());
    }
    return troubles;
  }

  private static List<Clash> clashes(List<TestResult> results) {
    return results.stream()
        .filter(result -> result.outcome().isRed())
        .map(result -> new Clash(result.id(), InterferingTests.of(result, results)))
        .toList();
  }

  private static MemoryUse memory(RunSummary run) {
    boolean sensed = run.source() != PeakSource.NONE;
    boolean machine = run.machine().memory().isPositive();
    boolean after = !run.after().equals(RamAfter.UNKNOWN);
    var total = machine ? Amount.of(run.machine().memory()) : Amount.UNKNOWN;
    var left =
        machine && run.machinePeak().isPositive()
            ? Amount.of(run.machine().memory().minus(run.machinePeak()))
            : Amount.UNKNOWN;
    return new MemoryUse(
        after ? Amount.of(run.swapBefore()) : Amount.UNKNOWN,
        after ? Amount.of(run.after().swapUsed()) : Amount.UNKNOWN,
        sensed ? Amount.of(run.peak()) : Amount.UNKNOWN,
        left,
        total,
        run.after());
  }
}
