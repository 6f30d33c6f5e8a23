package dev.plimsoll.cli.calibration;

import dev.plimsoll.calibrate.PastRun;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.GroupFolder;
import dev.plimsoll.history.CodeState;
import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.inventory.GroupLists;
import dev.plimsoll.learn.RecordedTest;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/// What the history says about the levels of each group: the recorded runs of the present code on
/// machines of this class, also those of interrupted calibrations and ordinary ones.
final class RecordedRuns {
  private final List<RunSummary> runs;
  private final GroupLists lists;
  private final String code;
  private final Map<String, Duration> times;

  private RecordedRuns(
      List<RunSummary> runs, GroupLists lists, String code, Map<String, Duration> times) {
    this.runs = runs;
    this.lists = lists;
    this.code = code;
    this.times = times;
  }

  /// Read them.
  ///
  /// @param engine only runs of engines that start workers as this one does
  static RecordedRuns read(Config config, Machine machine, String engine, Consumer<String> warn) {
    String code = CodeState.of(config.root());
    try (var store = new HistoryStore(config.root(), InstantSource.system(), warn)) {
      var runs =
          store.runsOf(code).stream()
              .filter(run -> run.machine().classKey().equals(machine.classKey()))
              .filter(run -> isXdist(run.engine()) == isXdist(engine))
              .toList();
      var times = new HashMap<String, Duration>();
      store.groupTimes(machine).forEach((group, took) -> times.put(group, took.wall()));
      return new RecordedRuns(runs, new GroupFolder(config).readSettled(), code, times);
    }
  }

  /// The same without what was recorded.
  RecordedRuns forgotten() {
    return new RecordedRuns(List.of(), lists, code, times);
  }

  private static boolean isXdist(String engine) {
    return engine.equals("xdist");
  }

  /// How long the tests of each group took one after another when they ran last.
  Map<String, Duration> times() {
    return times;
  }

  /// The state of the code, empty when it is not known.
  String code() {
    return code;
  }

  /// Runs of a group, the oldest first.
  List<PastRun> of(String group) {
    return runs.reversed().stream().flatMap(run -> of(run, group).stream()).toList();
  }

  private List<PastRun> of(RunSummary run, String group) {
    Map<String, Integer> workers = new HashMap<>();
    Set<String> red = new TreeSet<>();
    for (RecordedTest test : RecordedTest.of(List.of(run))) {
      if (groupOf(test.result()).equals(group)) {
        workers.merge(group, test.workers(), Math::max);
        if (test.result().outcome().isRed()) {
          red.add(test.result().id());
        }
      }
    }
    var ran = new HashSet<String>();
    for (TestResult result : run.results()) {
      if (groupOf(result).equals(group) && result.outcome() != Outcome.NOT_RUN) {
        ran.add(result.id());
      }
    }
    return workers.isEmpty()
        ? List.of()
        : List.of(
            new PastRun(
                run.id(), workers.getOrDefault(group, 1), ran.size(), List.copyOf(red), List.of()));
  }

  /// The group that the test's file is in now, else the one it ran in.
  private String groupOf(TestResult result) {
    return lists.groupOf(result.path()).orElse(result.group());
  }
}
