package dev.plimsoll.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.estimate.Estimate;
import dev.plimsoll.estimate.Estimate.Basis;
import dev.plimsoll.estimate.Estimator;
import dev.plimsoll.estimate.Sample;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Isolation;
import dev.plimsoll.model.Mode;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.schedule.TestingMachine.Truth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// How soon the first failure shows, on 200 random projects with a history: in Plimsoll's order
/// `failed-first`, in the order of pytest's `--ff`, and under pytest-xdist.
///
/// A project changes from run to run. A change breaks tests of one file, some of them stay broken
/// for several runs, a few tests are flaky all the time, and new tests appear.
class FirstFailureSimulationTest {
  private static final int WORKERS = 4;
  private static final int RUNS = 12;
  private static final Bytes MEMORY = Bytes.gib(8);

  /// The duration of each test, its attempts, the newest first, and whether it fails in the run
  /// that is measured.
  private record Project(List<Long> micros, List<List<Sample>> history, List<Boolean> fails) {
    boolean anyFails() {
      return IntStream.range(0, fails.size()).anyMatch(fails::get);
    }

    List<Integer> lastFailed() {
      return IntStream.range(0, fails.size())
          .filter(test -> !history.get(test).isEmpty() && history.get(test).getFirst().failed())
          .boxed()
          .toList();
    }
  }

  @Test
  void theFirstFailureShowsEarlierThanInTheOrdersOfPytestAndXdist() {
    double againstFailedFirst = 0;
    double againstXdist = 0;
    int measured = 0;
    for (int seed = 0; measured < 200; seed++) {
      Project project = project(new SplittableRandom(seed));
      if (!project.anyFails()) {
        continue;
      }
      measured++;
      double ours = firstFailure(project, collected(project), UnitOrder.FAILED_FIRST);
      againstFailedFirst +=
          Math.log(ours / firstFailure(project, lastFailedFirst(project), UnitOrder.COLLECTED));
      againstXdist += Math.log(ours / xdist(project));
    }
    double failedFirst = Math.exp(againstFailedFirst / measured);
    double xdist = Math.exp(againstXdist / measured);
    System.out.printf(
        "time to the first failure, geometric mean of 200 projects: %.2f of `--ff`, %.2f of"
            + " pytest-xdist%n",
        failedFirst, xdist);
    assertThat(failedFirst).isLessThan(0.9);
    assertThat(xdist).isLessThan(0.3);
  }

  private static Project project(SplittableRandom random) {
    int size = 100 + random.nextInt(500);
    int perFile = 5 + random.nextInt(20);
    var micros = new long[size];
    var flaky = new double[size];
    var since = new int[size];
    for (int test = 0; test < size; test++) {
      micros[test] = (long) (20_000 * Math.exp(1.5 * gauss(random)));
      flaky[test] = random.nextInt(200) == 0 ? 0.3 * random.nextDouble() : 0;
      since[test] = random.nextInt(20) == 0 ? random.nextInt(RUNS + 1) : 0;
    }
    var brokenUntil = new int[size];
    List<List<Sample>> history = new ArrayList<>();
    IntStream.range(0, size).forEach(_ -> history.add(new ArrayList<>()));
    var fails = new boolean[size];
    for (int run = 0; run <= RUNS; run++) {
      if (random.nextInt(3) > 0) {
        breakFile(random.nextInt(size / perFile + 1) * perFile, perFile, run, brokenUntil, random);
      }
      for (int test = 0; test < size; test++) {
        fails[test] = run < brokenUntil[test] || random.nextDouble() < flaky[test];
        if (run < RUNS && run >= since[test]) {
          history.get(test).addFirst(sample(micros[test], fails[test], random));
        }
      }
    }
    return new Project(
        Arrays.stream(micros).boxed().toList(),
        history,
        IntStream.range(0, size).mapToObj(test -> fails[test]).toList());
  }

  private static void breakFile(
      int from, int tests, int run, int[] brokenUntil, SplittableRandom random) {
    for (int test = from; test < Math.min(from + tests, brokenUntil.length); test++) {
      if (random.nextInt(4) == 0) {
        brokenUntil[test] = run + 1 + random.nextInt(3);
      }
    }
  }

  private static Sample sample(long micros, boolean failed, SplittableRandom random) {
    long measured = (long) (micros * (0.8 + 0.4 * random.nextDouble()));
    return new Sample(
        Duration.ofNanos(measured * 1000), Bytes.mib(8), PeakSource.HWM_FRESH, failed, 1);
  }

  /// Normally distributed: the sum of twelve uniform numbers.
  private static double gauss(SplittableRandom random) {
    return IntStream.range(0, 12).mapToDouble(_ -> random.nextDouble()).sum() - 6;
  }

  private static List<Integer> collected(Project project) {
    return IntStream.range(0, project.fails().size()).boxed().toList();
  }

  private static List<Integer> lastFailedFirst(Project project) {
    List<Integer> failed = project.lastFailed();
    var order = new ArrayList<>(failed);
    collected(project).stream().filter(test -> !failed.contains(test)).forEach(order::add);
    return order;
  }

  /// When the first failing test ends, in microseconds.
  private static long firstFailure(Project project, List<Integer> tests, UnitOrder order) {
    var prior = new Estimate(Duration.ofMillis(50), Bytes.mib(8), Basis.PRIOR);
    var candidates = new ArrayList<Candidate>();
    var truths = new ArrayList<Truth>();
    for (int test : tests) {
      Estimate estimate = Estimator.estimate(project.history().get(test), prior);
      candidates.add(new Candidate("test_" + test + ".py", "", 0, estimate));
      truths.add(
          new Truth(
              "test_" + test + ".py", "", 0, project.micros().get(test), Bytes.mib(8).value()));
    }
    var policy =
        new Policy(
            Mode.PHASED,
            List.of(WORKERS),
            WORKERS,
            Bytes.mib(24),
            Bytes.mib(128),
            MEMORY.times(0.9),
            1_000_000,
            Isolation.NONE,
            false);
    var scheduler = new Scheduler(candidates, policy, order, MEMORY.times(0.9), Reservations.ALONE);
    var machine = new TestingMachine(truths, scheduler, MEMORY, MEMORY.times(0.1));
    machine.run();
    return IntStream.range(0, tests.size())
        .filter(place -> project.fails().get(tests.get(place)))
        .mapToLong(machine.endedAt::get)
        .min()
        .orElseThrow();
  }

  /// When the first failing test ends under pytest-xdist's default distribution (`--dist load`): a
  /// quarter of the tests is dealt to the workers first, and a worker with few tests left receives
  /// a share of the rest.
  private static long xdist(Project project) {
    record Node(long at, int number) {}
    int size = project.micros().size();
    var given = new ArrayList<List<Integer>>();
    IntStream.range(0, WORKERS).forEach(_ -> given.add(new ArrayList<>()));
    int next = 0;
    int batch = Math.max(size / (4 * WORKERS), 2);
    for (List<Integer> tests : given) {
      for (int i = 0; i < batch && next < size; i++) {
        tests.add(next++);
      }
    }
    var nodes = new PriorityQueue<Node>(Comparator.comparingLong(Node::at));
    IntStream.range(0, WORKERS).forEach(number -> nodes.add(new Node(0, number)));
    long first = Long.MAX_VALUE;
    while (!nodes.isEmpty()) {
      Node node = nodes.remove();
      List<Integer> tests = given.get(node.number());
      int least = Math.max(2, (size - next) / WORKERS / 4);
      if (tests.size() < least) {
        int share = Math.max(2, (size - next) / WORKERS / 2) - tests.size();
        for (int i = 0; i < share && next < size; i++) {
          tests.add(next++);
        }
      }
      if (!tests.isEmpty()) {
        int test = tests.removeFirst();
        long end = node.at() + project.micros().get(test);
        first = project.fails().get(test) ? Math.min(first, end) : first;
        nodes.add(new Node(end, node.number()));
      }
    }
    return first;
  }

  @Test
  void aTestThatBrokeInTheLastRunIsMoreSuspectThanOneThatWasMended() {
    var prior = new Estimate(Duration.ofMillis(50), Bytes.mib(8), Basis.PRIOR);
    double[] risks =
        Arrays.stream(new boolean[][] {{true, false, false}, {false, false, true}, {false, false}})
            .map(FirstFailureSimulationTest::samples)
            .mapToDouble(samples -> Estimator.estimate(samples, prior).risk())
            .toArray();
    assertThat(risks[0]).isGreaterThan(risks[1]);
    assertThat(risks[1]).isGreaterThan(prior.risk());
    assertThat(prior.risk()).isGreaterThan(risks[2]);
  }

  private static List<Sample> samples(boolean[] failed) {
    var samples = new ArrayList<Sample>();
    for (boolean each : failed) {
      samples.add(new Sample(Duration.ofMillis(1), Bytes.ZERO, PeakSource.PSS, each, 1));
    }
    return samples;
  }
}
