package dev.plimsoll.report;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Death;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.RamAfter;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.Shortage;
import dev.plimsoll.model.TestResult;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Made-up runs for tests.
public final class TestingRuns {
  public static final Instant START = Instant.parse("2026-11-24T10:00:00Z");
  public static final Machine MACHINE = new Machine("laptop", 8, Bytes.gib(16), "wsl2");
  public static final String ODD_ID =
      "tests/light/test_odd.py::test_name[日本語 a::b\nnew\tline \u001b[31mred\u001b[2J \u202e x]";

  private TestingRuns() {}

  public static TestResult result(String id, Outcome outcome, double seconds, Bytes peak) {
    return new TestResult(
        id,
        id.substring(0, id.indexOf("::")),
        "light",
        outcome,
        "gw1",
        START.plusSeconds(1),
        Duration.ofMillis((long) (seconds * 1000)),
        peak,
        PeakSource.HWM_FRESH,
        1,
        outcome.isRed() ? "def test():\n>   assert 1 == 2\nE   assert 1 == 2\n\ntest.py:3" : "",
        outcome == Outcome.SKIPPED || outcome == Outcome.XFAILED
            ? "needs <network> & \"more\""
            : "",
        List.of());
  }

  public static RunSummary run(int exitCode, List<TestResult> results) {
    Map<String, Integer> workers = new LinkedHashMap<>();
    workers.put("heavy", 1);
    workers.put("light", 6);
    return new RunSummary(
        "r1",
        "run --mode phased",
        "fork",
        "phased",
        workers,
        MACHINE,
        START,
        Duration.ofMillis(42_130),
        results,
        Bytes.mib(1230),
        PeakSource.CGROUP,
        Bytes.gib(9),
        Bytes.gib(6),
        Bytes.mib(51),
        new RamAfter(Bytes.gib(3), Bytes.gib(10), Bytes.gib(3), Bytes.gib(12), Bytes.mib(51)),
        List.of(),
        "",
        exitCode);
  }

  /// One test of every outcome, one of them tried twice, one with an odd id.
  public static RunSummary mixed() {
    TestResult retried = result("tests/test_b.py::test_retried", Outcome.PASSED, 3, Bytes.mib(700));
    return withEvidence(
        run(
            1,
            List.of(
                result("tests/test_a.py::test_good", Outcome.PASSED, 0.5, Bytes.mib(20)),
                result(ODD_ID, Outcome.FAILED, 1.25, Bytes.mib(4)),
                result("tests/test_a.py::TestX::test_setup", Outcome.ERROR, 0.01, Bytes.ZERO),
                result("tests/test_a.py::test_skip", Outcome.SKIPPED, 0, Bytes.ZERO),
                result("tests/test_a.py::test_xfail", Outcome.XFAILED, 0.1, Bytes.ZERO),
                result("tests/test_a.py::test_xpass", Outcome.XPASSED, 0.1, Bytes.ZERO),
                result("tests/perf/test_big.py::test_oom", Outcome.CRASHED, 75, Bytes.gib(5)),
                again(retried),
                TestResult.notRun(
                    "tests/test_z.py::test_last", "tests/test_z.py", "light", "-x"))));
  }

  private static TestResult again(TestResult first) {
    return new TestResult(
        first.id(),
        first.path(),
        first.group(),
        first.outcome(),
        first.worker(),
        first.start(),
        first.duration(),
        first.peak(),
        PeakSource.KILLED,
        2,
        "",
        "",
        List.of("attempt 1 on gw0: out of memory, proven by the kernel log"));
  }

  private static RunSummary withEvidence(RunSummary run) {
    return new RunSummary(
        run.id(),
        run.command(),
        run.engine(),
        run.mode(),
        run.workers(),
        run.machine(),
        run.start(),
        run.duration(),
        run.results(),
        run.peak(),
        run.source(),
        run.machinePeak(),
        run.budget(),
        run.swapBefore(),
        run.after(),
        List.of("[ 12.3] Memory cgroup out of memory: Killed process 4711 (python3)"),
        run.interrupted(),
        run.exitCode());
  }

  /// A test that was killed at the budget of its run, at its first attempt.
  public static Death death(Death.Next next) {
    var met = new Shortage.RunBudget(Bytes.mib(1531), Bytes.mib(1500));
    return death(next, Optional.of(met), "was killed by Plimsoll", List.of(), "");
  }

  static Death death(
      Death.Next next, Optional<Shortage> met, String what, List<String> evidence, String advice) {
    return new Death(
        next == Death.Next.NONE ? "" : "tests/test_big.py::test_table",
        "gw3",
        Instant.EPOCH,
        Duration.ofSeconds(1),
        Bytes.mib(431),
        what,
        met,
        evidence,
        advice,
        1,
        next);
  }
}
