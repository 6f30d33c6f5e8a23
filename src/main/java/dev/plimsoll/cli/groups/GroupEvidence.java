package dev.plimsoll.cli.groups;

import dev.plimsoll.calibrate.Calibration;
import dev.plimsoll.calibrate.ParallelFailure;
import dev.plimsoll.cli.calibration.Calibrations;
import dev.plimsoll.config.Config;
import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.history.RunLine;
import dev.plimsoll.inventory.GroupLists;
import dev.plimsoll.inventory.Placement;
import dev.plimsoll.inventory.Sync;
import dev.plimsoll.inventory.TestFile;
import dev.plimsoll.learn.FileProfile;
import dev.plimsoll.learn.FileProfile.Hold;
import dev.plimsoll.learn.Group;
import dev.plimsoll.learn.ParallelOnly;
import dev.plimsoll.learn.RecordedTest;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.run.plan.ThisMachine;
import dev.plimsoll.run.plan.WorkerRule;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// The measurements in the history and the calibrations of this machine, by group.
///
/// @param skipped files whose tests all skip: no run measures them
/// @param runs how many recorded runs it comes from
record GroupEvidence(List<Group> groups, List<FileProfile> files, Set<String> skipped, int runs) {
  /// The most runs to read; tests have changed since older ones.
  private static final int NEWEST_RUNS = 50;

  /// Passes with one worker below which a calibration's finding may be chance.
  private static final int LEAST_ALONE = 2;

  /// Gather it.
  ///
  /// @param sync the project's test files
  static GroupEvidence of(
      GroupProject project, GroupLists lists, Sync sync, Consumer<String> warn) {
    Config config = project.config();
    List<RunSummary> runs = runs(config, warn);
    Map<String, List<RecordedTest>> sightings =
        RecordedTest.of(runs).stream().collect(Collectors.groupingBy(s -> s.result().path()));
    Map<String, List<ParallelOnly>> found =
        findings(config, warn).stream()
            .collect(Collectors.groupingBy(finding -> file(finding.test())));
    var files = new ArrayList<FileProfile>();
    for (TestFile file : sync.files()) {
      Placement rules = sync.classifier().place(file);
      files.add(
          FileProfile.of(
              file.path(),
              lists.groupOf(file.path()).orElse(rules.group()),
              hold(file, lists, rules),
              sightings.getOrDefault(file.path(), List.of()),
              found.getOrDefault(file.path(), List.of())));
    }
    return new GroupEvidence(groups(config, warn), files, skipped(runs), runs.size());
  }

  private static Set<String> skipped(List<RunSummary> runs) {
    var skipped = new TreeSet<String>();
    var others = new HashSet<String>();
    for (RunSummary run : runs) {
      for (TestResult result : run.results()) {
        (result.outcome() == Outcome.SKIPPED ? skipped : others).add(result.path());
      }
    }
    skipped.removeAll(others);
    return skipped;
  }

  private static Hold hold(TestFile file, GroupLists lists, Placement rules) {
    boolean moved = lists.reasons().byPath().containsKey(file.path());
    boolean listed = lists.groupOf(file.path()).isPresent();
    if (moved || (listed && !lists.groupOf(file.path()).get().equals(rules.group()))) {
      return Hold.HAND;
    }
    return switch (rules.rule()) {
      case Placement.Rule.ByPath _, Placement.Rule.ByMarker _ -> Hold.RULE;
      case Placement.Rule.ByWord _, Placement.Rule.Rest _ -> Hold.NAME;
    };
  }

  private static List<RunSummary> runs(Config config, Consumer<String> warn) {
    String machine = ThisMachine.read().classKey();
    try (var store = new HistoryStore(config.root(), InstantSource.system(), warn)) {
      return store.runs(NEWEST_RUNS).stream()
          .filter(run -> run.finished() && run.machine().classKey().equals(machine))
          .map(RunLine::id)
          .flatMap(id -> store.run(id).stream())
          .toList();
    }
  }

  private static List<ParallelOnly> findings(Config config, Consumer<String> warn) {
    var findings = new ArrayList<ParallelOnly>();
    for (Calibration calibration : Calibrations.usable(config, warn)) {
      for (ParallelFailure failure : ParallelFailure.of(calibration.state())) {
        if (failure.baseline() >= LEAST_ALONE) {
          findings.add(
              new ParallelOnly(
                  failure.test(),
                  failure.level(),
                  failure.failed(),
                  failure.runs(),
                  failure.baseline(),
                  calibration.at()));
        }
      }
    }
    return findings;
  }

  private static String file(String test) {
    int end = test.indexOf("::");
    return end < 0 ? test : test.substring(0, end);
  }

  private static List<Group> groups(Config config, Consumer<String> warn) {
    WorkerRule rule = Calibrations.rule(config, warn);
    return config.groups().stream()
        .map(entry -> new Group(entry.name(), rule.group(entry, false).value()))
        .toList();
  }

  /// Files of which too little is known to say anything, and more runs would tell.
  List<String> unmeasured() {
    return unknown().stream().filter(path -> !skipped.contains(path)).toList();
  }

  /// How many files no run measures, because all their tests skip.
  int onlySkipped() {
    return (int) unknown().stream().filter(skipped::contains).count();
  }

  private List<String> unknown() {
    return files.stream()
        .filter(file -> file.time().isEmpty() && file.parallel().isEmpty())
        .map(FileProfile::path)
        .toList();
  }
}
