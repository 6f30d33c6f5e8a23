package dev.plimsoll.board;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.model.UserError;
import dev.plimsoll.shard.MachineRuns;
import dev.plimsoll.shard.Manifest;
import dev.plimsoll.shard.MergedRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Puts what the board recorded together into one run: every test of the manifest has the result
/// that was recorded first, or is "not run" with the reason.
public final class BoardRecords {
  private final List<Manifest.Entry> tests;
  private final Map<Integer, TestResult> results = new HashMap<>();
  private final Map<String, TestResult> uncollected = new LinkedHashMap<>();
  private final List<RunSummary> ended = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final Map<Integer, String> unreadable = new HashMap<>();
  private final Set<Integer> died = new HashSet<>();
  private final Set<Integer> again = new HashSet<>();

  public BoardRecords(Manifest manifest) {
    this.tests = manifest.sorted();
  }

  /// A test's result; one that is there already stays.
  public void result(int test, TestResult result) {
    if (isOurs(test, result)) {
      results.putIfAbsent(test, result);
    }
  }

  /// A test's result with an error that came after it.
  public void late(int test, TestResult result) {
    if (isOurs(test, result)) {
      results.put(test, result);
    }
  }

  private boolean isOurs(int test, TestResult result) {
    if (test < 0 || test >= tests.size() || !tests.get(test).id().equals(result.id())) {
      unreadable(test, "it is of another test");
      return false;
    }
    return true;
  }

  /// A record that nobody can read: its test has no result.
  public void unreadable(int test, String why) {
    notes.add("a record of the board cannot be read: " + why);
    unreadable.put(test, why);
  }

  /// Two machines died while they ran the test.
  public void died(int test) {
    if (test >= 0 && test < tests.size()) {
      Manifest.Entry entry = tests.get(test);
      died.add(test);
      results.putIfAbsent(
          test,
          new TestResult(
              entry.id(),
              entry.path(),
              entry.group(),
              Outcome.CRASHED,
              "",
              Instant.EPOCH,
              Duration.ZERO,
              Bytes.ZERO,
              PeakSource.NONE,
              2,
              "Two machines stopped answering while they ran this test, the second time with nothing beside it.\n",
              "its machine died twice",
              List.of()));
    }
  }

  /// A test was given back: it has no result until a machine runs it again. That machines ended red
  /// because of it counts no longer.
  public void again(int test) {
    results.remove(test);
    died.remove(test);
    unreadable.remove(test);
    again.add(test);
    ended.replaceAll(run ->
        run.exitCode() == ExitCode.TESTS_FAILED.code()
            ? run.withExitCode(ExitCode.OK.code())
            : run);
  }

  /// The tests of the run by their ids.
  public Map<String, Integer> tests() {
    var places = new LinkedHashMap<String, Integer>();
    for (int test = 0; test < tests.size(); test++) {
      places.put(tests.get(test).id(), test);
    }
    return places;
  }

  /// The outcome of a test that has one.
  public Optional<Outcome> outcome(int test) {
    return Optional.ofNullable(results.get(test)).map(TestResult::outcome);
  }

  /// What a test needs to run again, as it was measured.
  public Board.Again needs(int test) {
    return new Board.Again(
        test,
        Optional.ofNullable(results.get(test))
            .filter(result -> result.source() != PeakSource.NONE)
            .map(result ->
                new Bundle(
                    0, result.peak().value(), result.duration().toNanos() / 1000, List.of(test))));
  }

  /// The id of a test.
  String id(int test) {
    return test >= 0 && test < tests.size() ? tests.get(test).id() : "test " + test;
  }

  boolean isDone(int test) {
    return results.containsKey(test);
  }

  /// The tests of which two machines died.
  List<Integer> poison() {
    return results.keySet().stream().filter(died::contains).toList();
  }

  /// The results by outcome.
  Map<Outcome, Integer> counts() {
    var counts = new EnumMap<Outcome, Integer>(Outcome.class);
    results.values().forEach(result -> counts.merge(result.outcome(), 1, Integer::sum));
    return counts;
  }

  /// A machine has left in order.
  public void left(RunSummary run, List<TestResult> without) {
    ended.add(run);
    without.forEach(result -> uncollected.putIfAbsent(result.id(), result));
  }

  /// The run.
  ///
  /// @param name its id
  /// @param command the arguments of `plimsoll`, for people
  /// @param machines how many took part
  /// @throws UserError when there is nothing to report
  public MergedRun run(String name, String command, int machines) {
    if (machines == 0) {
      throw new UserError(
          "no machine has joined the run",
          "the board has no tests",
          "start `plimsoll run --join` on a machine",
          ExitCode.INCOMPLETE);
    }
    var all = new ArrayList<TestResult>();
    int lacking = 0;
    for (int test = 0; test < tests.size(); test++) {
      TestResult result = results.get(test);
      if (result == null) {
        lacking++;
        Manifest.Entry entry = tests.get(test);
        String why =
            unreadable.containsKey(test)
                ? "its record cannot be read"
                : again.contains(test) ? "no machine ran it again" : "no machine ran it";
        all.add(TestResult.notRun(entry.id(), entry.path(), entry.group(), why));
      } else {
        all.add(result);
      }
    }
    all.addAll(uncollected.values());
    var missing = new ArrayList<String>();
    if (lacking > 0) {
      missing.add(lacking + " tests have no result");
    }
    if (!again.isEmpty()) {
      notes.add(again.size() + " tests were given back to run again");
    }
    if (ended.size() < machines) {
      notes.add(
          "%d of %d machines did not come to their end; their tests ran on others"
              .formatted(machines - ended.size(), machines));
    }
    Machine machine = ended.stream().findFirst().map(RunSummary::machine).orElse(Machine.UNKNOWN);
    Instant start =
        ended.stream().map(RunSummary::start).min(Comparator.naturalOrder()).orElse(Instant.EPOCH);
    RunSummary run =
        new MachineRuns(machine, start, ended).together(name, command, all, !missing.isEmpty());
    boolean red = all.stream().anyMatch(result -> result.outcome().isRed());
    RunSummary judged =
        red && run.exitCode() == ExitCode.OK.code()
            ? run.withExitCode(ExitCode.TESTS_FAILED.code())
            : run;
    return new MergedRun(judged, List.of(), notes, List.of(), missing);
  }
}
