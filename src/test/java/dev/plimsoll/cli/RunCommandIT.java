package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.model.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole runs of `plimsoll run` with the real pytest of `python3`.
class RunCommandIT {
  @TempDir private Path root;

  @BeforeEach
  void project() throws IOException {
    Files.createDirectories(root.resolve(".git"));
    write("pytest.ini", "[pytest]\naddopts = -p no:hypothesispytest -p no:benchmark -p no:anyio\n");
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, text);
  }

  private ProgramRun run(String... args) throws IOException, InterruptedException {
    var all = new ArrayList<>(List.of("run", "--python", "python3"));
    all.addAll(List.of(args));
    return ProgramRun.of(root, all.toArray(String[]::new));
  }

  private static Map<String, String> outcomes(ProgramRun run) throws IOException {
    return run.tests("outcome");
  }

  private static final String MIXED =
      """
      import pytest
      def test_passes(): pass
      def test_fails(): print('what it printed'); assert 1 == 2
      @pytest.mark.skip(reason='not here')
      def test_skips(): pass
      @pytest.mark.xfail
      def test_xfails(): assert 0
      @pytest.mark.xfail
      def test_xpasses(): pass
      @pytest.fixture
      def broken(): raise RuntimeError('no')
      def test_errors(broken): pass
      @pytest.fixture(scope='module')
      def late():
          yield
          raise RuntimeError('too late')
      def test_late(late): pass
      """;

  @Test
  void saysThatTheProjectsNumberOfWorkersIsNotUsed() throws Exception {
    write("pytest.ini", "[pytest]\naddopts = -n 4 -p no:hypothesispytest -p no:benchmark\n");
    write("test_one.py", "def test_one(): pass\n");
    ProgramRun run = run();
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).containsOnlyOnce("ignored `-n 4` of pytest");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"fork", "spawn"})
  void isolationReportsWhatItCosts(String engine) throws Exception {
    write("test_a.py", "def test_a(): pass\ndef test_b(): pass\n");
    write("test_c.py", "def test_c(): pass\n");
    ProgramRun run = run("--engine", engine, "-n", "1", "--isolate", "test");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err())
        .containsPattern("isolated: 3 fresh processes, each ready after \\d+\\.\\d ms on average");
    assertThat(run("--engine", engine, "-n", "1").err()).doesNotContain("isolated:");
  }

  @Test
  void takesThePytestOptionsThatItsUsersType() throws Exception {
    write("test_mixed.py", MIXED);
    ProgramRun stopped = run("-xsn1", "test_mixed.py", "--tb", "line", "--junitxml=out.xml");
    assertThat(stopped.exitCode()).as(stopped.err()).isEqualTo(1);
    assertThat(stopped.out())
        .contains("stopping after 1 failures", "test_mixed.py:3: assert 1 == 2", "1 failed")
        .doesNotContain("Captured stdout");
    assertThat(root.resolve("out.xml")).content().contains("tests=\"");
    assertThat(run("--lf", "-k", "fails", "--json", "-o", "xfail_strict=true").tests("outcome"))
        .isEqualTo(Map.of("test_mixed.py::test_fails", "failed"));
    assertThat(run("--co", "-q").out()).contains("COLLECTED: 7 tests");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"fork", "spawn"})
  void everyKindOfOutcome(String engine) throws Exception {
    write("test_mixed.py", MIXED);
    ProgramRun run = run("--engine", engine, "-n", "2", "--json");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
    assertThat(outcomes(run))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "test_mixed.py::test_passes", "passed",
                "test_mixed.py::test_fails", "failed",
                "test_mixed.py::test_skips", "skipped",
                "test_mixed.py::test_xfails", "xfailed",
                "test_mixed.py::test_xpasses", "xpassed",
                "test_mixed.py::test_errors", "error",
                "test_mixed.py::test_late", "error"));
  }

  @Test
  void aFailureIsShownWithItsOutputAndTheReportsAreWritten() throws Exception {
    write("test_mixed.py", MIXED);
    ProgramRun run = run("--junit", "out.xml", "--", "--junitxml=pytest.xml");
    assertThat(run.out())
        .contains("assert 1 == 2", "what it printed", "FAILED: 1 failed, 2 errors");
    assertThat(root.resolve("out.xml"))
        .content()
        .contains("tests=\"7\"", "failures=\"1\"", "errors=\"2\"");
    assertThat(root.resolve("pytest.xml")).content().contains("tests=\"");
    assertThat(root.resolve(".plimsoll/history.db")).exists();
    assertThat(root.resolve(".plimsoll/.gitignore")).hasContent("*");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"fork", "spawn"})
  void aFileWithoutTestsHasAnOutcomeToo(String engine) throws Exception {
    write("test_one.py", "def test_one(): pass\n");
    write("test_skips.py", "import pytest\npytest.importorskip('not_there')\n");
    write("test_breaks.py", "import neither_there\n");
    ProgramRun run =
        run(
            "--engine",
            engine,
            "--junit",
            "out.xml",
            "--json",
            "--",
            "--continue-on-collection-errors");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(outcomes(run))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "test_one.py::test_one", "passed",
                "test_skips.py", "skipped",
                "test_breaks.py", "error"));
    assertThat(root.resolve("out.xml"))
        .content()
        .contains(
            "tests=\"3\"", "errors=\"1\"", "skipped=\"1\"", "No module named 'neither_there'");
    ProgramRun broken = run("--quiet");
    assertThat(broken.exitCode()).isEqualTo(2);
    assertThat(broken.out())
        .contains("ERROR collecting test_breaks.py", "FAILED: 1 error, 1 skipped, 1 not run");
    ProgramRun skipped = run("test_skips.py");
    assertThat(skipped.exitCode()).isEqualTo(5);
    assertThat(skipped.out()).contains("NO TESTS: 1 skipped");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"fork", "spawn"})
  void aCollectionThatEndsAtItsFirstErrorHasThatOutcome(String engine) throws Exception {
    write("test_breaks.py", "import neither_there\n");
    write("test_one.py", "def test_one(): pass\n");
    ProgramRun run = run("--engine", engine, "--junit", "out.xml", "--json", "--", "-x");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(outcomes(run)).containsExactlyEntriesOf(Map.of("test_breaks.py", "error"));
    assertThat(root.resolve("out.xml"))
        .content()
        .contains("tests=\"1\"", "errors=\"1\"", "No module named 'neither_there'");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "fork, 'os.kill(os.getpid(), 11)', SIGSEGV",
    "spawn, 'os._exit(3)', status 3",
    "fork, 'time.sleep(600)', exceeded its time limit",
  })
  void aDeathInTheTeardownOfTheSessionIsAnError(String engine, String bad, String told)
      throws Exception {
    write(
        "test_one.py",
        """
        import os, pytest, time
        @pytest.fixture(scope="session")
        def wide():
            yield
            %s
        def test_one(wide): pass
        """
            .formatted(bad));
    ProgramRun run = run("--engine", engine, "--json", "--timeout", "2s");
    assertThat(outcomes(run)).isEqualTo(Map.of("test_one.py::test_one", "error"));
    assertThat(run.out()).contains(told, "died after 'test_one.py::test_one'");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  /// Three tests that each wait for the others need three workers at once, one of them heavy.
  @Test
  void onePoolHasTheWorkersThatItsGroupsMayUseTogether() throws Exception {
    write(
        "plimsoll.toml",
        """
        mode = "packed"
        workers = 3
        [groups.heavy]
        paths = ["test_big.py"]
        workers = 1
        [groups.light]
        workers = 2
        """);
    String text =
        """
        import pathlib, pytest, time
        HERE = pathlib.Path(__file__).parent
        @pytest.mark.parametrize("n", %s)
        def test_one(n):
            (HERE / f"begun-{n}").touch()
            until = time.monotonic() + 60
            while len(list(HERE.glob("begun-*"))) < 3:
                assert time.monotonic() < until, "it waits for a worker"
                time.sleep(0.01)
        """;
    write("test_big.py", text.formatted("[1]"));
    write("test_small.py", text.formatted("[2, 3]"));
    ProgramRun run = run();
    assertThat(run.exitCode()).as(run.out()).isZero();
  }

  /// What was queued behind a test that runs longer than anybody knew is run by the worker that
  /// idles.
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"fork", "spawn"})
  void noTestWaitsBehindALongOneWhileAWorkerIdles(String engine) throws Exception {
    write(
        "test_many.py",
        """
        import pathlib, pytest, time
        HERE = pathlib.Path(__file__).parent
        ALL = {f"ended-{n}" for n in range(9) if n != 1}
        @pytest.mark.parametrize("n", range(9))
        def test_one(n):
            until = time.monotonic() + 60
            while n == 1 and {file.name for file in HERE.glob("ended-*")} != ALL:
                assert time.monotonic() < until, "the others wait for this one"
                time.sleep(0.01)
            (HERE / f"ended-{n}").touch()
        """);
    ProgramRun run = run("--engine", engine, "-n", "2");
    assertThat(run.exitCode()).as(run.out()).isZero();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"fork", "spawn"})
  void collectingOnlyIsNoRun(String engine) throws Exception {
    write("test_mixed.py", MIXED);
    ProgramRun run = run("--engine", engine, "--", "--collect-only", "-q");
    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out())
        .contains("test_mixed.py::test_errors\n", "7 tests collected")
        .endsWith("\nCOLLECTED: 7 tests\n");
    assertThat(ProgramRun.of(root, "history").out()).doesNotContain("not run");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"--version", "--markers", "--fixtures"})
  void whatPytestOnlyTellsIsNoRun(String option) throws Exception {
    write("test_one.py", "def test_one(): pass\n");
    ProgramRun run = run("--", option);
    assertThat(run.exitCode()).as(run.out()).isZero();
    ProgramRun quiet = run("--quiet", "--", option);
    assertThat(List.of(run.out(), quiet.out()))
        .allSatisfy(out -> assertThat(out).isNotBlank().doesNotContain("PASSED", "memory "));
  }

  @Test
  void workersThatDieTakeNoOtherTestWithThem() throws Exception {
    write(
        "test_deaths.py",
        """
        import ctypes, os, pathlib, signal, sys, time, pytest
        HERE = pathlib.Path(__file__).parent
        @pytest.mark.parametrize('i', range(20))
        def test_before(i): pass
        def test_leaves(): os._exit(0)
        def test_leaves_137(): os._exit(137)
        def test_segfaults(): ctypes.string_at(0)
        def test_is_killed(): os.kill(os.getpid(), signal.SIGKILL)
        def test_is_killed_once():
            flag = HERE / 'once'
            if not flag.exists():
                flag.touch()
                os.kill(os.getpid(), signal.SIGKILL)
        def test_closes_its_output(): os.close(1)
        def test_prints_a_lot(): print('x' * 10_000_000)
        def test_prints_no_utf8(): sys.stdout.buffer.write(b'\\xff\\xfe\\x00')
        def test_leaves_a_child():
            if os.fork() == 0:
                time.sleep(5)
                os._exit(0)
        def test_changes_directory(): os.chdir('/')
        def test_replaces_stdout(): sys.stdout = None
        @pytest.mark.parametrize('i', range(20))
        def test_after(i): pass
        """);
    ProgramRun run = run("-n", "3", "--json");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
    Map<String, String> outcomes = outcomes(run);
    assertThat(outcomes).hasSize(51);
    var crashed =
        outcomes.entrySet().stream()
            .filter(e -> e.getValue().equals("crashed"))
            .map(Map.Entry::getKey);
    assertThat(crashed)
        .containsExactlyInAnyOrder(
            "test_deaths.py::test_leaves",
            "test_deaths.py::test_leaves_137",
            "test_deaths.py::test_segfaults",
            "test_deaths.py::test_is_killed");
    assertThat(outcomes.values()).filteredOn("passed"::equals).hasSize(47);
    assertThat(run.out()).doesNotContain("out of memory");
  }

  @Test
  void aTestThatWasPreemptedAndThenKilledStillRunsAlone() throws Exception {
    write(
        "test_pair.py",
        """
        import os, pathlib, signal, time
        TRIES = pathlib.Path(__file__).parent / 'tries'
        HELD = pathlib.Path(__file__).parent / 'held'
        def tries(): return TRIES.stat().st_size if TRIES.exists() else 0
        def wait_for(condition):
            end = time.monotonic() + 60
            while not condition() and time.monotonic() < end: time.sleep(0.02)
        def test_holds():
            memory = b'x' * (180 << 20)
            HELD.touch()
            wait_for(lambda: tries() == 1)
            time.sleep(2)
        def test_tries():
            wait_for(HELD.exists)
            with open(TRIES, 'a') as log: log.write('x')
            if tries() == 1:
                memory = b'x' * (180 << 20)
                time.sleep(60)
            if tries() == 2:
                os.kill(os.getpid(), signal.SIGKILL)
        """);
    ProgramRun run = run("-n", "2", "--memory", "300m", "--json");
    assertThat(run.err()).contains("test_tries: the run used");
    assertThat(outcomes(run))
        .containsOnly(
            Map.entry("test_pair.py::test_holds", "passed"),
            Map.entry("test_pair.py::test_tries", "passed"));
    assertThat(root.resolve("tries")).content().hasSize(3);
    assertThat(run.out()).as("the reason can be looked up").contains("; it ran again alone");
  }

  @Test
  void aTestThatTakesTooLongIsEndedWithItsStack() throws Exception {
    write(
        "test_slow.py",
        """
        import time
        def test_hangs(): time.sleep(600)
        def test_fine(): pass
        """);
    ProgramRun run = run("--timeout", "1s", "--json");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(outcomes(run))
        .containsEntry("test_slow.py::test_hangs", "failed")
        .containsEntry("test_slow.py::test_fine", "passed");
    assertThat(run.out()).contains("test_slow.py\\\", line 2");
  }

  /// Lists say where a file belongs, pytest what runs: new files are in no list, others are not
  /// collected any more, and a path may look like a node id.
  @Test
  void aGroupIsAPartOfTheRunAlsoWhereThereAreLists() throws Exception {
    for (String name :
        List.of("test_odd[1].py", "test_ignored.py", "test_browser.py", "test_a.py")) {
      write(name, "def test_it(): pass\n");
    }
    write("conftest.py", "collect_ignore = ['test_ignored.py']\n");
    write("config/pytest-groups/heavy.txt", "test_ignored.py\ntest_odd[1].py\n");
    assertThat(outcomes(run("--group", "heavy", "--json")))
        .containsOnlyKeys("test_browser.py::test_it", "test_odd[1].py::test_it");
    assertThat(outcomes(run("--group", "light", "--json"))).containsOnlyKeys("test_a.py::test_it");
  }

  @Test
  void exitCodesArePytests() throws Exception {
    write("test_one.py", "def test_one(): pass\n");
    assertThat(run().exitCode()).isZero();
    assertThat(run("-k", "nothing").exitCode()).isEqualTo(5);
    assertThat(run("test_missing.py").exitCode()).isEqualTo(4);
    assertThat(run("--group", "hevy").exitCode()).isEqualTo(4);
    assertThat(run("--group", "heavy").exitCode()).isEqualTo(5);
    write("test_two.py", "import not_there\n");
    ProgramRun broken = run("--json");
    assertThat(broken.exitCode()).isEqualTo(2);
    assertThat(broken.out() + broken.err()).contains("not_there");
    write("conftest.py", "def (\n");
    ProgramRun conftest = run();
    assertThat(conftest.exitCode()).isEqualTo(4);
    assertThat(conftest.out() + conftest.err()).contains("SyntaxError");
  }

  @Test
  void stopsAtTheFirstFailureWhenAsked() throws Exception {
    write(
        "test_many.py",
        """
        import time, pytest
        def test_first(): assert 0
        @pytest.mark.parametrize('i', range(200))
        def test_rest(i): time.sleep(0.05)
        """);
    ProgramRun run = run("-n", "2", "--json", "--", "-x");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(outcomes(run)).hasSize(201);
    assertThat(outcomes(run).values()).filteredOn("not run"::equals).hasSizeGreaterThan(100);
  }

  @Test
  void aLimitThatTheLastTestReachesInterruptsNothing() throws Exception {
    write("test_one.py", "def test_one(): assert 0\n");
    assertThat(run("--", "-x").out()).contains("\nFAILED: 1 failed in ");
  }

  @Test
  void testsRunByPathUnlessSomebodyHasPutThemInAnOrder() throws Exception {
    write(
        "conftest.py", "def pytest_runtest_call(item): print(item.name, file=open('ran', 'a'))\n");
    write("test_b.py", "def test_b1(): pass\ndef test_b2(): assert 0\n");
    write("test_a.py", "import time\ndef test_a1(): pass\ndef test_a2(): time.sleep(0.5)\n");
    assertThat(ran()).containsExactly("test_a1", "test_a2", "test_b1", "test_b2");
    assertThat(ran()).containsExactly("test_a1", "test_a2", "test_b1", "test_b2");
    assertThat(ran("--", "--ff").getFirst()).isEqualTo("test_b2");
    assertThat(ran("--order", "failed-first").getFirst()).isEqualTo("test_b2");
    write("plimsoll.toml", "order = \"longest\"\n");
    assertThat(ran().getFirst()).isEqualTo("test_a2");
  }

  /// The first run knows no times. With one worker the order stays.
  @Test
  void aLongTestOfTheLastFileBeginsEarlyInTheNextRun() throws Exception {
    write(
        "test_a.py",
        """
        import time, pytest
        @pytest.mark.parametrize('i', range(12))
        def test_short(i): time.sleep(0.1)
        """);
    write("test_z.py", "import time\ndef test_long(): time.sleep(2)\n");
    assertThat(beganFirst("-n", "2")).doesNotContain("test_z.py::test_long");
    assertThat(beganFirst("-n", "1")).doesNotContain("test_z.py::test_long");
    assertThat(beganFirst("-n", "2", "--order", "path")).doesNotContain("test_z.py::test_long");
    assertThat(beganFirst("-n", "2")).contains("test_z.py::test_long");
  }

  /// The first tests of the workers.
  private List<String> beganFirst(String... args) throws Exception {
    var all = new ArrayList<>(List.of("--json"));
    all.addAll(List.of(args));
    var first = new TreeMap<String, Map.Entry<String, String>>();
    run(all.toArray(String[]::new))
        .tests()
        .forEach((id, test) ->
            first.merge(
                String.valueOf(test.get("worker")),
                Map.entry(String.valueOf(test.get("start")), id),
                (a, b) -> a.getKey().compareTo(b.getKey()) < 0 ? a : b));
    return first.values().stream().map(Map.Entry::getValue).toList();
  }

  @Test
  void aSuiteThatWaitsGetsMoreWorkersInItsNextRun() throws Exception {
    write(
        "test_wait.py",
        """
        import time, pytest
        @pytest.mark.parametrize('i', range(12))
        def test_wait(i): time.sleep(0.3)
        """);
    assertThat(run().err()).contains("workers: heavy 1 (safe start), long 2 (safe start), light 2");
    ProgramRun second = run("--json");
    assertThat(second.err())
        .containsPattern("light [3-9] \\(its tests wait (9\\d|100) % of their time\\)");
    assertThat(second.tests().values().stream().map(test -> test.get("worker")).distinct().count())
        .isGreaterThan(2);
  }

  @Test
  void aTestThatFailsOnlyBesideOthersIsNamed() throws Exception {
    write(
        "test_one.py",
        """
        import os, pytest
        @pytest.mark.parametrize('i', range(4))
        def test_one(i): assert i or os.environ['PYTEST_XDIST_WORKER_COUNT'] == '1'
        """);
    assertThat(run("-n", "2").err()).doesNotContain("only beside");
    assertThat(run("-n", "1").exitCode()).isZero();
    assertThat(run("-n", "2").err())
        .contains(
            "note: `test_one.py::test_one[0]` fails only beside others: in 2 of 2 runs with 2 workers"
                + " or more, and in none of 1 with one")
        .contains("`plimsoll calibrate light --continue` counts this failure");
    write(
        "test_one.py",
        """
        import pytest
        @pytest.mark.parametrize('i', range(4))
        def test_one(i): assert i
        """);
    assertThat(run("-n", "2").err()).doesNotContain("only beside");
  }

  /// The tests that one worker runs, in their order.
  private List<String> ran(String... args) throws Exception {
    Files.deleteIfExists(root.resolve("ran"));
    var all = new ArrayList<>(List.of("-n", "1"));
    all.addAll(List.of(args));
    ProgramRun run = run(all.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
    return Files.readAllLines(root.resolve("ran"));
  }

  @Test
  void aGroupRunsAlone() throws Exception {
    write("test_light.py", "def test_light(): pass\n");
    write("tests/perf/test_big.py", "def test_big(): pass\n");
    assertThat(outcomes(run("--group", "heavy", "--json")))
        .containsOnlyKeys("tests/perf/test_big.py::test_big");
  }

  @Test
  void aDeclarationThatCannotFitIsAnErrorUnlessAllowed() throws Exception {
    write(
        "test_huge.py",
        """
        import pytest
        @pytest.mark.plimsoll(memory='4g')
        def test_huge(): pass
        """);
    ProgramRun refused = run("--memory", "1g");
    assertThat(refused.exitCode()).isEqualTo(13);
    assertThat(refused.err()).contains("test_huge.py::test_huge", "--allow-oversize");
    assertThat(run("--memory", "1g", "--allow-oversize").exitCode()).isZero();
  }

  @Test
  void aRunWhoseHostIsKilledIsResumed() throws Exception {
    write(
        "test_patricide.py",
        """
        import os, pathlib, signal, time, pytest
        def test_before(): pass
        def test_kills_the_host_once():
            flag = pathlib.Path(__file__).parent / 'once'
            if not flag.exists():
                flag.touch()
                os.kill(os.getppid(), signal.SIGKILL)
                time.sleep(60)
        @pytest.mark.parametrize('i', range(20))
        def test_after(i): pass
        """);
    assertThat(run("--engine", "fork", "-n", "1").exitCode()).isEqualTo(ExitCode.ENGINE.code());
    assertThat(journal()).containsSubsequence("began", "collected", "begins", "starts", "admitted");
    ProgramRun second = run("--resume", "--json");
    assertThat(second.exitCode()).as(second.err()).isZero();
    assertThat(outcomes(second)).hasSize(22).containsValue("passed").doesNotContainValue("not run");
  }

  @Test
  void aKilledRunIsResumed() throws Exception {
    write(
        "test_sleepy.py",
        """
        import pathlib, subprocess, time, pytest
        def test_a_child_stays():
            child = subprocess.Popen(['sleep', '600'], start_new_session=True)
            (pathlib.Path(__file__).parent / 'child').write_text(str(child.pid))
        @pytest.mark.parametrize('i', range(60))
        def test_sleeps(i):
            time.sleep(0.1)
            with open(pathlib.Path(__file__).parent / 'ran.txt', 'a') as log: log.write(f'{i}\\n')
        """);
    Process first =
        ProgramRun.start(
            root,
            root.resolve("out").toFile(),
            root.resolve("err").toFile(),
            "run",
            "-n",
            "2",
            "-q");
    Path ran = root.resolve("ran.txt");
    while (first.isAlive() && (!Files.exists(ran) || Files.size(ran) < 10)) {
      Thread.onSpinWait();
    }
    first.destroyForcibly().waitFor();
    var child = ProcessHandle.of(Long.parseLong(Files.readString(root.resolve("child"))));
    if (child.isPresent()) {
      child.get().onExit().get(60, TimeUnit.SECONDS);
    }
    ProgramRun second = run("--resume", "--json");
    assertThat(second.exitCode()).as(second.err()).isZero();
    assertThat(outcomes(second)).hasSize(61).containsValue("passed").doesNotContainValue("not run");
    assertThat(second.err()).contains("did not finish", "have an outcome and do not run again");
    assertThat(Files.readAllLines(ran).size()).isBetween(60, 64);
  }

  /// What the only journal of the project tells, in order.
  private List<String> journal() throws IOException {
    try (var journals = Files.list(root.resolve(".plimsoll/runs"))) {
      var events = new ArrayList<String>();
      for (String line : Files.readAllLines(journals.findFirst().orElseThrow())) {
        events.add(String.valueOf(JSON.std.mapFrom(line).get("event")));
      }
      return events;
    }
  }
}
