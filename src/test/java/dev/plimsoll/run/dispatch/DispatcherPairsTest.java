package dev.plimsoll.run.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.run.dispatch.PairScript.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every two things that can happen to a run, one right after the other in both orders, in several
/// suites, at several moments and distances. Each test has exactly one outcome, none runs twice at
/// once, none is blamed for what happened to another, and the run ends.
class DispatcherPairsTest {
  /// At once, on the way of a message, between a stack dump and TERM, between TERM and KILL, after
  /// both.
  private static final List<Duration> GAPS =
      List.of(
          Duration.ZERO,
          Duration.ofNanos(300_000),
          Duration.ofMillis(150),
          Duration.ofMillis(400),
          Duration.ofMillis(2_500));

  private static final List<Integer> SIGNALS = List.of(TestingHost.SIGKILL, 11);

  record Pair(Kind first, Kind second) {}

  static List<Pair> pairs() {
    return Arrays.stream(Kind.values())
        .flatMap(first -> Arrays.stream(Kind.values()).map(second -> new Pair(first, second)))
        .toList();
  }

  private static List<TestingRun.Suite> suites() {
    TestingRun.Suite plain = TestingRun.suite(12, 12);
    return List.of(
        plain,
        plain.workers(3).way(Duration.ofMillis(8)),
        plain.engine("spawn"),
        plain.workers(1),
        TestingRun.suite(120, 5).workers(3),
        TestingRun.suite(30, 10).workers(2),
        TestingRun.suite(24, 24).mixed(1).workers(4),
        plain.isolated());
  }

  /// Every suite with every distance; the moments alternate, so that each suite and each distance
  /// meets each moment. All three together would cost three times as much and find no more.
  @ParameterizedTest(name = "{0}")
  @MethodSource("pairs")
  void aRunSurvivesThePair(Pair pair) {
    int fired = 0;
    var problems = new ArrayList<String>();
    List<TestingRun.Suite> suites = suites();
    for (int at = 0; at < suites.size() * GAPS.size(); at++) {
      TestingRun.Suite suite = suites.get(at % suites.size());
      Duration gap = GAPS.get(at % GAPS.size());
      int skip = at % 3;
      var script = new PairScript(pair.first(), pair.second(), gap, skip, SIGNALS.get(at % 2));
      try {
        fired += runs(suite, script) ? 1 : 0;
      } catch (AssertionError | RuntimeException problem) {
        problems.add(suite + ", " + gap + ", skip " + skip + ": " + problem);
      }
    }
    assertThat(problems).isEmpty();
    assertThat(fired).as("times that it happened").isPositive();
  }

  private static boolean runs(TestingRun.Suite suite, PairScript script) {
    var run = new TestingRun(suite, script);
    script.run = run;
    run.memory.tight = suite.workers() > 2;
    RunSummary summary = run.run();
    for (TestResult result : summary.results()) {
      check(result, run, script);
    }
    return script.fired();
  }

  private static void check(TestResult result, TestingRun run, PairScript script) {
    int item = Integer.parseInt(result.id().substring(5, 8));
    boolean ended = result.outcome() != Outcome.NOT_RUN;
    boolean blamed = result.outcome().isRed();
    if (!ended && !script.stops()) {
      throw new AssertionError("has no outcome: " + result);
    }
    if (blamed && !run.host.disturbed(item)) {
      throw new AssertionError("is not to blame: " + result);
    }
  }
}
