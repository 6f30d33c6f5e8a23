package dev.plimsoll.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Isolation;
import dev.plimsoll.model.Mode;
import dev.plimsoll.schedule.TestingMachine.Truth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The time left of simulated runs whose tests ran once before, against the time they then took.
class RunForecastSimulationTest {
  private static final Bytes BUDGET = Bytes.mib(3584);
  private static final Bytes RESERVE = Bytes.mib(512);
  private static final int SEEDS = 60;
  private static final long SECOND = 1_000_000;

  /// Durations and peaks differ by up to a fifth from those of the earlier run, and all tests take
  /// longer or shorter by a factor: another load, another machine. After the first quarter the time
  /// left is within 20 % of the truth, or within a second. In one pool a peak that was larger than
  /// expected keeps others waiting, which nobody can know before.
  @ParameterizedTest
  @CsvSource({
    "PHASED, 1.0, 0.99",
    "PHASED, 1.5, 0.99",
    "PHASED, 0.6, 0.99",
    "PACKED, 1.0, 0.96",
    "PACKED, 1.5, 0.96",
    "PACKED, 0.6, 0.96"
  })
  void theTimeLeftIsWithinAFifth(Mode mode, double slower, double share) {
    int near = 0;
    int all = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      var random = new SplittableRandom(seed);
      var before = longer(SchedulerSimulationTest.suite(random, 50 + random.nextInt(500)), 20);
      var candidates = TestingMachine.learned(before, random);
      int[] caps = {1 + random.nextInt(3), 1 + random.nextInt(4), 1 + random.nextInt(8)};
      var scheduler = scheduler(candidates, mode, 1 + random.nextInt(8), caps);
      var machine =
          new TestingMachine(longer(before, slower), scheduler, BUDGET.plus(RESERVE), RESERVE);
      machine.forecastEvery(SECOND);
      long end = machine.run();
      for (var asked : machine.forecasts.entrySet()) {
        long rest = end - asked.getKey();
        boolean counts = asked.getKey() * 4 >= end;
        all += counts ? 1 : 0;
        near += counts && Math.abs(asked.getValue() - rest) <= Math.max(SECOND, rest / 5) ? 1 : 0;
      }
    }
    System.out.printf(
        "time left, %s, tests take %.1f times as long: %.4f of %d within 20 %% or a second%n",
        mode, slower, (double) near / all, all);
    assertThat((double) near / all).isGreaterThanOrEqualTo(share);
  }

  @Test
  void aLongTestThatWaitsBoundsTheRest() {
    var truths = new ArrayList<Truth>();
    truths.add(new Truth("a", "", 0, 23 * SECOND, 1));
    for (int i = 0; i < 40; i++) {
      truths.add(new Truth("b", "", 0, SECOND / 10, 1));
    }
    var scheduler = scheduler(TestingMachine.exact(truths), Mode.PHASED, 4, 4);
    scheduler.start();
    assertThat(scheduler.microsLeft(0)).hasValue(23 * SECOND);
  }

  @Test
  void theNextGroupBeginsWhenTheLastTestOfTheOneBeforeHasEnded() {
    var truths =
        List.of(
            new Truth("a", "", 0, 3 * SECOND, 1),
            new Truth("b", "", 1, 3 * SECOND, 1),
            new Truth("c", "", 1, SECOND, 1));
    assertThat(begun(truths, Mode.PHASED).microsLeft(SECOND)).hasValue(5 * SECOND);
    assertThat(begun(truths, Mode.PACKED).microsLeft(SECOND)).hasValue(3 * SECOND);
  }

  /// The first worker is ready and runs what it was given.
  private static Scheduler begun(List<Truth> truths, Mode mode) {
    var scheduler = scheduler(TestingMachine.exact(truths), mode, 2, 2, 2);
    scheduler.start();
    scheduler.on(0, new Event.Ready(0));
    return scheduler;
  }

  /// The simulated machine takes 10 ms to start a worker.
  @Test
  void theStartOfAWorkerCountsWhereEachTestHasItsOwn() {
    var truths = new ArrayList<Truth>();
    for (int i = 0; i < 1000; i++) {
      truths.add(new Truth("a", "", 0, 1_000, 1));
    }
    var policy =
        new Policy(
            Mode.PHASED,
            List.of(2),
            2,
            Bytes.mib(20),
            Bytes.gib(1),
            BUDGET,
            300_000,
            Isolation.TEST,
            false);
    var scheduler =
        new Scheduler(
            TestingMachine.exact(truths), policy, UnitOrder.LONGEST, BUDGET, Reservations.ALONE);
    var machine = new TestingMachine(truths, scheduler, BUDGET.plus(RESERVE), RESERVE);
    machine.forecastEvery(SECOND);
    long end = machine.run();
    assertThat(machine.forecasts).hasSizeGreaterThan(3);
    machine.forecasts.forEach((at, left) -> assertThat(left).isCloseTo(end - at, within(end / 20)));
  }

  @Test
  void aTestThatTakesLongerThanExpectedIsAboutToEnd() {
    var truths = List.of(new Truth("a", "", 0, SECOND, 1));
    var scheduler = begun(truths, Mode.PHASED);
    assertThat(scheduler.microsLeft(9 * SECOND)).hasValue(0);
  }

  @Test
  void nothingIsForeseenOfTestsThatMayArriveOrNeverStart() {
    var truths = List.of(new Truth("a", "", 0, SECOND, 1));
    var policy = policy(Mode.PACKED, 1, 1);
    var shared =
        Scheduler.ofShared(
            TestingMachine.exact(truths), policy, UnitOrder.LONGEST, BUDGET, Reservations.ALONE);
    assertThat(shared.microsLeft(0)).isEqualTo(OptionalLong.empty());

    var stopped = scheduler(TestingMachine.exact(truths), Mode.PHASED, 1, 1);
    stopped.on(0, new Event.Stop());
    assertThat(stopped.microsLeft(0)).isEqualTo(OptionalLong.empty());
  }

  private static List<Truth> longer(List<Truth> truths, double factor) {
    return truths.stream()
        .map(truth ->
            new Truth(
                truth.path(),
                truth.unit(),
                truth.group(),
                (long) (factor * truth.micros()),
                truth.peak()))
        .toList();
  }

  private static Scheduler scheduler(
      List<Candidate> candidates, Mode mode, int workers, int... caps) {
    return new Scheduler(
        candidates, policy(mode, workers, caps), UnitOrder.LONGEST, BUDGET, Reservations.ALONE);
  }

  private static Policy policy(Mode mode, int workers, int... caps) {
    return new Policy(
        mode,
        Arrays.stream(caps).boxed().toList(),
        workers,
        Bytes.mib(20),
        Bytes.gib(1),
        BUDGET,
        300_000,
        Isolation.NONE,
        false);
  }
}
