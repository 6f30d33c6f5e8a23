package dev.plimsoll.run.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.engine.pytest.HostMessage;
import dev.plimsoll.estimate.Sample;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Isolation;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.model.UserError;
import dev.plimsoll.run.guard.Guard;
import dev.plimsoll.schedule.Memory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Runs of several sessions, runs that go on with what earlier ones know, and what a session may
/// say besides its tests' outcomes.
class DispatcherSessionsTest {
  private static final TestingHost.Script NOTHING = new TestingHost.Script() {};

  private static HostMessage.Item item(int index, String path, String mark, String memory) {
    var marks = mark.isEmpty() ? List.<String>of() : List.of(mark);
    var declared = memory.isEmpty() ? Map.<String, String>of() : Map.of("memory", memory);
    return new HostMessage.Item(index, path + "::test", path, "", "", marks, declared);
  }

  private static HostMessage.Items items(String... paths) {
    return new HostMessage.Items(
        IntStream.range(0, paths.length).mapToObj(i -> item(i, paths[i], "", "")).toList());
  }

  private static HostMessage.Collected collected(String engine, int count, int errors) {
    return new HostMessage.Collected(
        count, 0, errors, false, Map.of(), false, false, engine, "", "", "");
  }

  private static HostMessage.Hello hello(String... reports) {
    return new HostMessage.Hello("3.6", "/project", List.of(reports), Map.of());
  }

  /// The end of a session.
  private static List<HostMessage> ends(int status, boolean chosen) {
    return List.of(new HostMessage.Bye(status, chosen), new HostMessage.Exited(status));
  }

  /// A session of a runner that schedules itself, with one test of each path and its outcome.
  private static List<HostMessage> session(int status, Outcome outcome, String... paths) {
    var said = new ArrayList<HostMessage>();
    said.add(hello("--junitxml"));
    said.add(items(paths));
    said.add(collected("xdist", paths.length, 0));
    IntStream.range(0, paths.length).forEach(i -> said.add(TestingRun.done(i % 2, i, outcome)));
    said.addAll(ends(status, false));
    return said;
  }

  private static TestingPlan xdist(String... groups) {
    var plan = new TestingPlan(TestingRun.suite(0, 1).engine("xdist").phased());
    plan.groups = List.of(groups);
    plan.sessions = groups.length > 1 ? List.of(groups) : List.of("");
    return plan;
  }

  @SafeVarargs
  private static TestingRun run(TestingPlan plan, List<HostMessage>... sessions) {
    var all = new ArrayList<List<HostMessage>>();
    for (List<HostMessage> session : sessions) {
      all.add(session);
    }
    return new TestingRun(plan, all, NOTHING);
  }

  private static RunSummary ofOne(HostMessage... said) {
    return run(xdist("light"), List.of(said)).runSessions();
  }

  private static List<Sample> killedAlone(int runs) {
    var killed = new Sample(Duration.ofSeconds(1), Bytes.gib(9), PeakSource.KILLED_ALONE);
    return IntStream.range(0, runs).mapToObj(_ -> killed).toList();
  }

  private static List<Sample> measured(Bytes... peaks) {
    return Arrays.stream(peaks)
        .map(peak -> new Sample(Duration.ofMillis(20), peak, PeakSource.HWM_FRESH))
        .toList();
  }

  // ---- several sessions

  @Test
  void eachGroupHasASessionOfItsOwn() {
    TestingRun run =
        run(
            xdist("heavy", "light"),
            session(0, Outcome.PASSED, "heavy_a.py"),
            session(0, Outcome.PASSED, "test_a.py", "test_b.py"));

    RunSummary summary = run.runSessions();

    assertThat(summary.exitCode()).isZero();
    assertThat(summary.results()).hasSize(3);
    assertThat(summary.workers()).containsOnlyKeys("heavy", "light");
    assertThat(run.notes())
        .filteredOn(note -> note.startsWith("--junitxml will contain only the last group"))
        .hasSize(1);
  }

  @Test
  void theFirstRedStatusOfSeveralSessionsCounts() {
    assertThat(statusOf(0, 1)).isEqualTo(1);
    assertThat(statusOf(1, 0)).isEqualTo(1);
    assertThat(statusOf(1, 3)).isEqualTo(1);
    assertThat(statusOf(0, ExitCode.NO_TESTS.code())).isZero();
    assertThat(statusOf(ExitCode.NO_TESTS.code(), 0)).isZero();
    assertThat(statusOf(ExitCode.NO_TESTS.code(), ExitCode.NO_TESTS.code()))
        .isEqualTo(ExitCode.NO_TESTS.code());
  }

  private static int statusOf(int first, int second) {
    return run(
            xdist("heavy", "light"),
            session(first, Outcome.PASSED, "heavy_a.py"),
            session(second, Outcome.PASSED, "test_a.py"))
        .runSessions()
        .exitCode();
  }

  @Test
  void aSessionThatDiesTakesTheOthersNotAlong() {
    TestingRun run =
        run(
            xdist("heavy", "light"),
            List.of(
                hello(),
                items("heavy_a.py"),
                collected("xdist", 1, 0),
                new HostMessage.Exited(139)),
            session(0, Outcome.PASSED, "test_a.py"));

    RunSummary summary = run.runSessions();

    assertThat(summary.exitCode()).isEqualTo(ExitCode.ENGINE.code());
    assertThat(summary.results())
        .extracting(TestResult::outcome)
        .containsExactly(Outcome.NOT_RUN, Outcome.PASSED);
    assertThat(run.journal).noneMatch(line -> line.contains("\"finished\""));
  }

  @Test
  void aGroupAfterTheFailureThatEndsTheRunDoesNotStart() {
    var first = new ArrayList<>(session(1, Outcome.FAILED, "heavy_a.py", "heavy_b.py"));
    first.add(3, new HostMessage.Stop("stopping after 1 failures"));
    TestingRun run = run(xdist("heavy", "light"), first, session(0, Outcome.PASSED, "test_a.py"));

    RunSummary summary = run.runSessions();

    assertThat(summary.exitCode()).isEqualTo(ExitCode.TESTS_FAILED.code());
    assertThat(summary.interrupted()).isEqualTo("stopped after 1 failure; did not start: light");
  }

  @Test
  void aLimitThatTheLastTestReachesInterruptsNothing() {
    var only = new ArrayList<>(session(1, Outcome.FAILED, "test_a.py", "test_b.py"));
    only.add(5, new HostMessage.Stop("stopping after 2 failures"));

    RunSummary summary = run(xdist("light"), only).runSessions();

    assertThat(summary.exitCode()).isEqualTo(ExitCode.TESTS_FAILED.code());
    assertThat(summary.interrupted()).isEmpty();
  }

  @Test
  void ctrlCInOneSessionStartsNoOther() {
    TestingRun run =
        run(
            xdist("heavy", "light"),
            session(0, Outcome.PASSED, "heavy_a.py"),
            session(0, Outcome.PASSED, "test_a.py"));
    run.clock.after(Duration.ZERO, run::pressCtrlC);

    RunSummary summary = run.runSessions();

    assertThat(summary.exitCode()).isEqualTo(ExitCode.INTERRUPTED.code());
    assertThat(summary.results()).hasSize(1);
  }

  @Test
  void ctrlCBeforeTheFirstSessionRunsNothing() {
    TestingRun run = run(xdist("light"), session(0, Outcome.PASSED, "test_a.py"));
    run.pressCtrlC();

    RunSummary summary = run.runSessions();

    assertThat(summary.exitCode()).isEqualTo(ExitCode.INTERRUPTED.code());
    assertThat(summary.interrupted()).isEqualTo("interrupted");
    assertThat(summary.results()).isEmpty();
  }

  @Test
  void aDebuggerHearsCtrlCItself() {
    var plan = new TestingPlan(TestingRun.suite(0, 1).engine("serial"));
    TestingRun run = run(plan, List.of(hello(), items(), collected("serial", 0, 0)));
    run.clock.after(Duration.ofMillis(5), run::pressCtrlC);
    run.clock.after(Duration.ofSeconds(3), () -> ends(5, false).forEach(run.host::say));

    assertThat(run.runSessions().exitCode()).isEqualTo(ExitCode.NO_TESTS.code());
    assertThat(run.host.orders).isEmpty();
  }

  @Test
  void whatSpeaksAgainstTheNumberOfWorkersIsAWarning() {
    TestingPlan plan = xdist("light");
    plan.warning = "2 of 3 runs at this level failed";
    plan.tried = List.of(".venv: missing", "python3 on PATH");
    TestingRun run = run(plan, session(0, Outcome.PASSED, "test_a.py"));

    run.runSessions();

    assertThat(run.notes()).contains(plan.warning, "python: .venv: missing; python3 on PATH");
  }

  // ---- what the exit status of pytest leaves open

  @Test
  void aRedOutcomeThatPytestDidNotSeeMakesTheRunRed() {
    assertThat(run(xdist("light"), session(0, Outcome.FAILED, "test_a.py")).runSessions())
        .satisfies(
            summary -> assertThat(summary.exitCode()).isEqualTo(ExitCode.TESTS_FAILED.code()));
  }

  @Test
  void noTestsAreNoSuccess() {
    var said = Stream.of(hello(), items(), collected("xdist", 0, 0));
    RunSummary summary =
        ofOne(Stream.concat(said, ends(0, false).stream()).toArray(HostMessage[]::new));

    assertThat(summary.exitCode()).isEqualTo(ExitCode.NO_TESTS.code());
  }

  @Test
  void aChosenStatusOfZeroStandsAboveFailuresAndStops() {
    RunSummary summary =
        ofOne(
            hello(),
            items("test_a.py", "test_b.py"),
            collected("xdist", 2, 0),
            TestingRun.done(0, 0, Outcome.FAILED),
            new HostMessage.Stop("enough"),
            new HostMessage.Bye(0, true),
            new HostMessage.Exited(0));

    assertThat(summary.exitCode()).isZero();
  }

  @Test
  void aVersionIsAnAnswerWithoutASession() {
    TestingPlan plan = xdist("light");
    plan.arguments = List.of("--version");
    TestingRun run =
        run(plan, List.of(new HostMessage.Output("pytest 9\n"), new HostMessage.Exited(0)));

    assertThat(run.runSessions()).satisfies(s -> assertThat(s.interrupted()).isEmpty());
  }

  @Test
  void anInterpreterThatSaysNothingIsAnError() {
    assertThatThrownBy(() -> ofOne(new HostMessage.Output(" \n"), new HostMessage.Exited(1)))
        .isInstanceOfSatisfying(
            UserError.class, error -> assertThat(error.why()).endsWith("1, without output"));
  }

  // ---- the collection

  @Test
  void whatCouldNotBeCollectedCountsAsATest() {
    RunSummary summary =
        ofOne(
            hello(),
            items("test_a.py"),
            new HostMessage.Uncollected("test_b.py", Outcome.ERROR, "SyntaxError", ""),
            new HostMessage.Uncollected("test_c.py", Outcome.SKIPPED, "", "no torch"),
            new HostMessage.Uncollected("other_d.py", Outcome.SKIPPED, "", "no torch"),
            new HostMessage.Uncollected("other_e.py", Outcome.ERROR, "SyntaxError", ""),
            collected("xdist", 1, 2),
            new HostMessage.Bye(2, false),
            new HostMessage.Exited(2));

    assertThat(summary.results())
        .extracting(TestResult::id)
        .containsExactly("test_b.py", "test_c.py", "other_e.py", "test_a.py::test");
  }

  @Test
  void testsOfNoGroupOfTheRunAreDeselected() {
    TestingRun run =
        run(xdist("light"), session(0, Outcome.PASSED, "test_a.py", "other_b.py", "other_c.py"));

    assertThat(run.runSessions().results()).hasSize(1);
    assertThat(run.events)
        .anyMatch(event -> event instanceof RunEvent.Collected all && all.deselected() == 2);
  }

  @Test
  void listedFilesWithMarksOfAnotherGroupAreNamed() {
    assertThat(strays(1)).contains("1 listed file has").contains("test_0.py").doesNotContain("...");
    assertThat(strays(4)).contains("4 listed files have").contains(", ...;");
  }

  private static String strays(int files) {
    var marked =
        IntStream.range(0, files).mapToObj(i -> item(i, "test_" + i + ".py", "heavy", "")).toList();
    TestingRun run =
        run(
            xdist("light"),
            List.of(
                hello(),
                new HostMessage.Items(marked),
                collected("xdist", files, 1),
                new HostMessage.Bye(2, false),
                new HostMessage.Exited(2)));
    run.runSessions();
    return run.notes().stream().filter(note -> note.contains("listed")).findFirst().orElse("");
  }

  @Test
  void pytestsOwnNumberOfWorkersIsIgnoredWithANote() {
    var plan = new TestingPlan(TestingRun.suite(2, 1));
    plan.isolation = Isolation.FILE;
    TestingRun run =
        run(
            plan,
            List.of(
                hello(),
                TestingRun.items(plan.suite),
                new HostMessage.Collected(
                    2, 0, 0, true, Map.of(), false, false, "fork", "a thread runs", "", "4")));

    RunSummary summary = run.run();

    assertThat(summary.exitCode()).isZero();
    assertThat(run.notes())
        .contains("a thread runs")
        .anyMatch(note -> note.startsWith("ignored `-n 4`"))
        .anyMatch(note -> note.startsWith("isolated: 2 fresh processes"));
  }

  @Test
  void anIsolatedRunWithoutAWorkerHasNoCost() {
    var plan = new TestingPlan(TestingRun.suite(0, 1).isolated());
    TestingRun run = run(plan, List.of(hello(), items(), collected("fork", 0, 0)));

    assertThat(run.runSessions().exitCode()).isEqualTo(ExitCode.NO_TESTS.code());
    assertThat(run.notes()).noneMatch(note -> note.startsWith("isolated"));
  }

  // ---- what earlier runs know

  @Test
  void outcomesOfTheRunBeforeAreKept() {
    var plan = new TestingPlan(TestingRun.suite(2, 1));
    TestResult kept = TestResult.notRun(TestingRun.id(0), TestingRun.path(0), "light", "kept");
    plan.earlier.put(kept.id(), kept);
    TestingRun run =
        run(
            plan,
            List.of(
                hello(), TestingRun.items(plan.suite), TestingRun.collected(plan.suite, 0, false)));

    RunSummary summary = run.runSessions();

    assertThat(summary.results()).hasSize(2).contains(kept);
    assertThat(run.host.begun(0)).isZero();
    assertThat(run.host.begun(1)).isEqualTo(1);
  }

  @Test
  void aTestThatWasKilledAloneBeforeHasOneAttemptAlone() {
    var plan = new TestingPlan(TestingRun.suite(4, 4));
    plan.samples.put(TestingRun.id(1), killedAlone(1));
    plan.samples.put(TestingRun.id(2), killedAlone(2));
    TestingRun run = scheduled(plan);

    RunSummary summary = run.run();

    assertThat(summary.exitCode()).isZero();
    assertThat(run.result(1).notes()).anyMatch(note -> note.contains("in the run before"));
    assertThat(run.result(2).notes()).anyMatch(note -> note.contains("the 2 runs before"));
  }

  private static TestingRun scheduled(TestingPlan plan) {
    return run(
        plan,
        List.of(hello(), TestingRun.items(plan.suite), TestingRun.collected(plan.suite, 0, false)));
  }

  @Test
  void aRecordedPeakThatCannotFitIsAnErrorUnlessItMayRunAlone() {
    var plan = new TestingPlan(TestingRun.suite(2, 2));
    plan.samples.put(TestingRun.id(0), measured(Bytes.gib(9), Bytes.gib(10)));

    assertThatThrownBy(scheduled(plan)::run)
        .isInstanceOfSatisfying(
            UserError.class,
            error -> assertThat(error.why()).endsWith("its recorded peak is 10.0 GiB"));

    plan.oversize = true;
    RunSummary summary = scheduled(plan).run();
    assertThat(summary.exitCode()).isZero();
    assertThat(summary.results())
        .filteredOn(result -> result.id().equals(TestingRun.id(0)))
        .flatExtracting(TestResult::notes)
        .containsExactly(
            "its peak, 10.0 GiB, exceeds the budget, so it ran with nothing beside it");
  }

  @Test
  void severalTestsThatCannotFitAreNamedTogether() {
    var plan = new TestingPlan(TestingRun.suite(2, 2));
    plan.samples.put(TestingRun.id(0), measured(Bytes.gib(9)));
    plan.samples.put(TestingRun.id(1), measured(Bytes.gib(9)));

    assertThatThrownBy(scheduled(plan)::run)
        .isInstanceOfSatisfying(
            UserError.class, error -> assertThat(error.what()).startsWith("tests do not fit"));
  }

  @Test
  void aDeclarationFarFromWhatWasRecordedIsNamed() {
    var plan = new TestingPlan(TestingRun.suite(0, 1));
    plan.samples.put("test_a.py::test", measured(Bytes.gib(2)));
    plan.samples.put("heavy_declared.py::test", measured(Bytes.mib(900)));
    TestingRun run =
        run(
            plan,
            List.of(
                hello(),
                new HostMessage.Items(
                    List.of(item(0, "test_a.py", "", "1gb"), item(1, "heavy_declared.py", "", ""))),
                collected("fork", 2, 1),
                new HostMessage.Bye(2, false),
                new HostMessage.Exited(2)));
    run.runSessions();

    assertThat(run.notes())
        .filteredOn(note -> note.contains("its largest recorded peak is"))
        .hasSize(2);
  }

  @Test
  void theExpectedTimeIsKnownWithNineTestsOfTen() {
    var plan = new TestingPlan(TestingRun.suite(10, 20));
    IntStream.range(0, 9)
        .forEach(test -> plan.samples.put(TestingRun.id(test), measured(Bytes.mib(1))));
    assertThat(expected(plan)).isPositive();

    plan.samples.remove(TestingRun.id(8));
    assertThat(expected(plan)).isNegative();
  }

  @Test
  void theTimeLeftIsForeseenOfTestsThatPlimsollSchedules() {
    var plan = new TestingPlan(TestingRun.suite(10, 20));
    TestingRun run = scheduled(plan);
    run.run();
    assertThat(run.events)
        .filteredOn(RunEvent.Forecast.class::isInstance)
        .isNotEmpty()
        .allSatisfy(event ->
            assertThat(((RunEvent.Forecast) event).left()).isGreaterThanOrEqualTo(Duration.ZERO));
  }

  private static double expected(TestingPlan plan) {
    TestingRun run = scheduled(plan);
    run.run();
    return run.events.stream()
        .filter(RunEvent.Collected.class::isInstance)
        .mapToDouble(event -> ((RunEvent.Collected) event).expected())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aTimeLimitInAMarkCountsAndAnUnreadableOneDoesNot() {
    var plan = new TestingPlan(TestingRun.suite(2, 1).limit(Duration.ofHours(1)));
    var marked = Stream.of("0.1s", "soon").map(limit -> Map.of("timeout", limit)).toList();
    var items =
        IntStream.range(0, 2)
            .mapToObj(i ->
                new HostMessage.Item(
                    i, TestingRun.id(i), TestingRun.path(i), "", "", List.of(), marked.get(i)))
            .toList();
    TestingRun run =
        run(
            plan,
            List.of(
                hello(), new HostMessage.Items(items), TestingRun.collected(plan.suite, 0, false)));

    run.run();

    assertThat(run.result(0).outcome()).isEqualTo(Outcome.FAILED);
    assertThat(run.result(1).outcome()).isEqualTo(Outcome.PASSED);
  }

  // ---- memory

  @Test
  void testsThatAreHeldBackForMemoryAreNamedOnce() {
    var plan = new TestingPlan(TestingRun.suite(8, 1).limit(Duration.ofHours(1)));
    TestingRun run = scheduled(plan);
    for (int look = 1; look < 90; look++) {
      run.clock.after(
          Duration.ofMillis(100L * look - 1), () -> run.memory.next(Memory.State.TIGHT));
    }

    assertThat(run.run().exitCode()).isZero();
    assertThat(run.notes())
        .filteredOn(note -> note.startsWith("waiting for memory, no test starts"))
        .hasSize(1);
  }

  @Test
  void whatARunnersWorkerOutlivedHasNoTest() {
    TestingRun run =
        run(
            xdist("light"),
            List.of(
                hello(),
                new HostMessage.Worker(0, 2001, Duration.ZERO),
                items("test_a.py"),
                collected("xdist", 1, 0)));
    run.guard.outlives(0, new Guard.Outlived(Guard.Outlived.NO_TEST, 1));
    run.clock.after(
        Duration.ofSeconds(1),
        () ->
            Stream.concat(Stream.of(TestingRun.done(0, 0, Outcome.PASSED)), ends(0, false).stream())
                .forEach(run.host::say));

    assertThat(run.runSessions().evidence()).hasSize(1).first().asString().startsWith("gw0:");
  }

  // ---- messages that cross

  @Test
  void wordOfAWorkerThatIsGoneChangesNothing() {
    var plan = new TestingPlan(TestingRun.suite(4, 1));
    TestingRun run = scheduled(plan);
    var late =
        List.of(
            new HostMessage.Worker(9, 2009, Duration.ZERO),
            new HostMessage.Started(9, 0, TestingClock.START),
            new HostMessage.Started(0, 99, TestingClock.START),
            new HostMessage.Dropped(9, List.of(0)),
            new HostMessage.Stuck(9, 0, true),
            new HostMessage.Gone(9, 2009, 9, -1, HostMessage.NONE, "", "", "", false));
    run.clock.after(Duration.ofMillis(300), () -> late.forEach(run.host::say));

    assertThat(run.run().exitCode()).isZero();
    assertThat(run.events).noneMatch(RunEvent.Died.class::isInstance);
  }

  @Test
  void aCrashShowsItsPhaseAndWhatTheWorkerPrinted() {
    var plan = new TestingPlan(TestingRun.suite(1, 1).workers(1));
    var run = new TestingRun[1];
    run[0] =
        new TestingRun(
            plan,
            List.of(
                List.of(
                    hello(),
                    TestingRun.items(plan.suite),
                    TestingRun.collected(plan.suite, 0, false))),
            new TestingHost.Script() {
              @Override
              public void begins(int worker, int item) {
                run[0].host.dieIn("setup", worker, 11, "Fatal Python error");
              }
            });

    run[0].run();

    assertThat(run[0].result(0).outcome()).isEqualTo(Outcome.CRASHED);
    assertThat(run[0].result(0).text())
        .contains("it was in its setup")
        .contains("last captured output")
        .contains("Fatal Python error");
  }
}
