package dev.plimsoll.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Death;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.TestResult;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunTextTest {
  @Test
  void summaryOfAMixedRun() {
    assertThat(RunText.summary(TestingRuns.mixed(), Style.PLAIN, 80))
        .isEqualTo(
            """
            slowest           1:15  tests/perf/test_big.py::test_oom
                            3.00 s  tests/test_b.py::test_retried
                            1.25 s  tests/light/test_odd.py::te…x1b[31mred\\x1b[2J \\u202e x]
                            0.50 s  tests/test_a.py::test_good
                            0.10 s  tests/test_a.py::test_xfail
            largest        5.0 GiB  tests/perf/test_big.py::test_oom
                        >= 700 MiB  tests/test_b.py::test_retried
                          20.0 MiB  tests/test_a.py::test_good
                           4.0 MiB  tests/light/test_odd.py::te…x1b[31mred\\x1b[2J \\u202e x]
            run       fork, phased: heavy 1 worker, light 6 workers
            memory    peak 1.2 GiB of 6.0 GiB (20 %), measured by cgroup
                      machine at most 9.0 GiB used, swap 51.0 MiB before, 51.0 MiB after
            retried   2 attempts, passed  tests/test_b.py::test_retried
                        attempt 1 on gw0: out of memory, proven by the kernel log
            evidence  [ 12.3] Memory cgroup out of memory: Killed process 4711 (python3)
            not run   1 test: -x
            failed tests/light/test_odd.py::test_name[日本語 a::b\\nnew\\tline \\x1b[31mred\\x1b[2J \\u202e x] - assert 1 == 2
            error tests/test_a.py::TestX::test_setup - assert 1 == 2
            crashed tests/perf/test_big.py::test_oom - assert 1 == 2
            FAILED: 1 failed, 1 error, 1 crashed, 2 passed, 1 skipped, 1 xfailed, 1 xpassed, 1 not run (1 at a later attempt) in 42.1 s
            """);
  }

  @Test
  void theSummaryHasWhatTheRunPrintedOfADeath() {
    var death =
        TestingRuns.result("test_a.py::test_large", Outcome.CRASHED, 1, Bytes.mib(560))
            .withText(
                DeathText.outcome(TestingRuns.death(Death.Next.REPORTED))
                    + "--- last captured output ---\n  said before\n");
    String text = RunText.summary(TestingRuns.run(1, List.of(death)), Style.PLAIN, 100);
    assertThat(text)
        .contains("1 attempt, crashed  test_a.py::test_large", "this test held 431 MiB of it")
        .doesNotContain("last captured output");
  }

  /// The cause takes what the id leaves of the line, at least 40 cells.
  @Test
  void theLineOfARedTestFillsTheTerminalAndNoMore() {
    for (int length = 1; length < 90; length++) {
      String id = "test_a.py::test_" + "x".repeat(length);
      var red = TestResult.uncollected(id, "test_a.py", Outcome.ERROR, "", "because ".repeat(30));
      String text = RunText.closing(TestingRuns.run(1, List.of(red)), Style.PLAIN, 100);
      String line = text.lines().filter(one -> one.startsWith("error ")).findFirst().orElseThrow();
      int head = ("error " + id + " - ").length();
      assertThat(line).contains("…").hasSize(Math.max(100, head + 40));
    }
  }

  @Test
  void coloursAddNothingButColours() {
    String plain = RunText.summary(TestingRuns.mixed(), Style.PLAIN, 80);
    String coloured = RunText.summary(TestingRuns.mixed(), new Style(true, true), 80);
    assertThat(coloured).isNotEqualTo(plain);
    assertThat(TerminalText.block(coloured, false)).isEqualTo(plain);
  }

  @Test
  void verdictSaysHowTheRunEnded() {
    var passed = List.of(TestingRuns.result("a.py::test", Outcome.PASSED, 1, Bytes.ZERO));
    assertThat(RunText.verdict(TestingRuns.run(0, passed), Style.PLAIN))
        .isEqualTo("PASSED: 1 passed in 42.1 s");
    assertThat(RunText.verdict(TestingRuns.run(1, passed), Style.PLAIN))
        .isEqualTo("FAILED: 1 passed in 42.1 s (exit code 1, and no test failed: see above)");
    var collected = List.of(TestResult.notRun("a.py::test", "a.py", "light", "only collected"));
    assertThat(RunText.summary(TestingRuns.run(0, collected), Style.PLAIN, 80))
        .isEqualTo("COLLECTED: 1 test\n");
    assertThat(RunText.summary(TestingRuns.run(0, List.of()), Style.PLAIN, 80)).isEmpty();
    assertThat(RunText.verdict(TestingRuns.run(5, List.of()), Style.PLAIN))
        .isEqualTo("NO TESTS were selected");
    var skipped = TestResult.uncollected("a.py", "a.py", Outcome.SKIPPED, "", "no such library");
    assertThat(RunText.verdict(TestingRuns.run(5, List.of(skipped)), Style.PLAIN))
        .isEqualTo("NO TESTS: 1 skipped in 42.1 s");
    var failed = List.of(TestingRuns.result("a.py::test", Outcome.FAILED, 1, Bytes.ZERO));
    assertThat(RunText.verdict(TestingRuns.run(0, failed), Style.PLAIN))
        .isEqualTo("FAILED: 1 failed in 42.1 s (a hook of the project set exit code 0)");
    assertThat(RunText.verdict(TestingRuns.run(14, passed), Style.PLAIN))
        .isEqualTo(
            "FAILED: 1 passed in 42.1 s" + " (exit code 14: tests are missing from the result)");
  }

  @Test
  void timesReadAsPeopleSayThem() {
    assertThat(Words.time(Duration.ofMillis(4))).isEqualTo("0.00 s");
    assertThat(Words.time(Duration.ofMillis(9_996))).isEqualTo("10.0 s");
    assertThat(Words.time(Duration.ofMillis(59_990))).isEqualTo("1:00");
    assertThat(Words.time(Duration.ofSeconds(3725))).isEqualTo("1:02:05");
    assertThat(Words.count(1, "test")).isEqualTo("1 test");
    assertThat(Words.count(1204, "test")).isEqualTo("1,204 tests");
  }
}
