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
import dev.plimsoll.schedule.budget.Pressure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a run has learned of tests that were killed serves the next ones: random suites with tests
/// that no budget fits, each run three times.
class LaterRunsSimulationTest {
  private static final Bytes MEMORY = Bytes.gib(4);
  private static final Bytes RESERVE = Bytes.mib(512);
  private static final Bytes BUDGET = MEMORY.minus(RESERVE);
  private static final Estimate PRIOR =
      new Estimate(Duration.ofMillis(50), Bytes.mib(64), Basis.PRIOR);

  static IntStream seeds() {
    return IntStream.range(0, 50);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aLaterRunKillsATestThatIsTooLargeOnceAndNoOther(long seed) {
    var random = new SplittableRandom(seed);
    List<Truth> suite = suite(random);
    var history = new ArrayList<List<Sample>>();
    suite.forEach(_ -> history.add(List.of()));
    int workers = 2 + random.nextInt(7);
    int first = 0;
    for (int run = 1; run <= 3; run++) {
      TestingMachine machine = run(varied(suite, random), history, workers, random);
      assertThat(machine.ended).as("run %d", run).hasSize(suite.size());
      assertThat(machine.oomKills).as("run %d", run).isZero();
      if (run == 1) {
        first = machine.preemptions;
        continue;
      }
      for (int test = 0; test < suite.size(); test++) {
        assertThat(machine.kills.getOrDefault(test, 0))
            .as("run %d, test %d of %s (first run: %d kills)", run, test, size(suite, test), first)
            .isLessThanOrEqualTo(isTooLarge(suite.get(test)) ? 1 : 0);
      }
    }
  }

  private static Bytes size(List<Truth> suite, int test) {
    return Bytes.of(suite.get(test).peak());
  }

  private static boolean isTooLarge(Truth truth) {
    return truth.peak() > BUDGET.value();
  }

  /// The machine fills memory no faster than at {@link Pressure}'s rate, all workers together: so
  /// large tests take their time.
  ///
  /// Small tests, some that take up to two thirds of the budget, and up to three that end only with
  /// a kill.
  private static List<Truth> suite(SplittableRandom random) {
    var suite = new ArrayList<Truth>();
    int endless = random.nextInt(4);
    int large = random.nextInt(8);
    for (int i = 0; i < 30 + random.nextInt(100); i++) {
      suite.add(truth(i, 20_000 + random.nextInt(200_000), Bytes.mib(1 + random.nextInt(60))));
    }
    for (int i = 0; i < large; i++) {
      suite.add(truth(i, 40_000_000, Bytes.mib(300 + random.nextInt(2000))));
    }
    for (int i = 0; i < endless; i++) {
      suite.add(truth(i, 200_000_000, BUDGET.times(1.5 + random.nextDouble())));
    }
    return suite;
  }

  private static Truth truth(int number, long micros, Bytes peak) {
    return new Truth("tests/test_%02d.py".formatted(number % 10), "", 0, micros, peak.value());
  }

  /// No run takes just what the one before took.
  private static List<Truth> varied(List<Truth> suite, SplittableRandom random) {
    return suite.stream()
        .map(truth -> {
          long peak = (long) (truth.peak() * (0.97 + 0.06 * random.nextDouble()));
          return new Truth(truth.path(), truth.unit(), truth.group(), truth.micros(), peak);
        })
        .toList();
  }

  /// Run once and add to the history what would be recorded.
  private static TestingMachine run(
      List<Truth> suite, List<List<Sample>> history, int workers, SplittableRandom random) {
    var candidates = new ArrayList<Candidate>();
    for (int test = 0; test < suite.size(); test++) {
      Estimate estimate = Estimator.estimate(history.get(test), PRIOR);
      candidates.add(new Candidate(suite.get(test).path(), "", 0, estimate));
    }
    var policy =
        new Policy(
            Mode.PHASED,
            List.of(workers),
            workers,
            Bytes.mib(20),
            Bytes.gib(1),
            BUDGET,
            300_000,
            Isolation.NONE,
            false);
    var order = random.nextBoolean() ? UnitOrder.LONGEST : UnitOrder.PATH;
    var scheduler = new Scheduler(candidates, policy, order, BUDGET, Reservations.ALONE);
    var machine = new TestingMachine(suite, scheduler, MEMORY, RESERVE);
    for (int test = 0; test < suite.size(); test++) {
      if (candidates.get(test).estimate().basis() == Basis.TOO_LARGE) {
        machine.alone.add(test);
      }
    }
    machine.run();
    for (int test = 0; test < suite.size(); test++) {
      var samples = new ArrayList<>(history.get(test));
      samples.addFirst(sample(machine, suite, test));
      history.set(test, samples);
    }
    return machine;
  }

  private static Sample sample(TestingMachine machine, List<Truth> suite, int test) {
    Bytes seen = machine.tooLarge.get(test);
    Truth truth = suite.get(test);
    return seen == null
        ? new Sample(
            Duration.ofNanos(truth.micros() * 1000), Bytes.of(truth.peak()), PeakSource.HWM_FRESH)
        : new Sample(Duration.ofSeconds(1), seen, PeakSource.KILLED_ALONE);
  }
}
