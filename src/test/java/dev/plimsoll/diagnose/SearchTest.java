package dev.plimsoll.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.diagnose.Diagnosis.Finding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SearchTest {
  /// Enough tries that a interfering set which acts every second time is missed once in 16,000
  /// times.
  private static final Effort PATIENT = Effort.USUAL.withTries(28);

  /// A suite of 2 to 1,000 tests with 1 to 3 culprits in it.
  private record Suite(List<String> tests, Way way, Set<String> culprits) {
    static Suite of(long seed) {
      var random = new SplittableRandom(seed);
      int size = (int) Math.round(2 * Math.pow(500, random.nextDouble()));
      var tests = IntStream.range(0, size).mapToObj(i -> "test_" + i).toList();
      var shuffled = new ArrayList<>(tests);
      Collections.shuffle(shuffled, new Random(seed));
      int count = Math.min(size, 1 + random.nextInt(3));
      Way way = random.nextBoolean() ? Way.BEFORE : Way.CONCURRENT;
      return new Suite(tests, way, new HashSet<>(shuffled.subList(0, count)));
    }

    List<Pool> pools() {
      return List.of(new Pool(Way.BEFORE, tests, "all"), new Pool(Way.CONCURRENT, tests, "all"));
    }

    double size() {
      return culprits.size() * (Math.log(tests.size()) / Math.log(2) + 1);
    }

    Diagnosis search(ExperimentDriver driver) {
      return new Search(TestingExperimentDriver.TEST, pools(), PATIENT, driver, Failure.UNKNOWN)
          .run();
    }
  }

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void findsWhatAlwaysActs(long seed) {
    Suite suite = Suite.of(seed);
    var driver = TestingExperimentDriver.of(seed, suite.way(), suite.culprits(), 1);

    Diagnosis found = suite.search(driver);

    assertThat(found.finding()).isEqualTo(Finding.PROVEN);
    assertThat(found.way()).isEqualTo(suite.way());
    assertThat(found.interfering()).containsExactlyInAnyOrderElementsOf(suite.culprits());
    assertThat(found.with().hits()).isEqualTo(found.with().runs()).isGreaterThanOrEqualTo(3);
    assertThat(found.without().hits()).isZero();
    assertThat(found.without().runs()).isGreaterThanOrEqualTo(3);
    assertThat(found.trials()).isEqualTo(driver.made().size());
    assertThat((double) found.trials()).isLessThanOrEqualTo(25 + 5 * suite.size());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void findsWhatActsEverySecondTime(long seed) {
    Suite suite = Suite.of(seed);

    Diagnosis found =
        suite.search(TestingExperimentDriver.of(seed, suite.way(), suite.culprits(), 0.5));

    assertThat(found.finding()).isEqualTo(Finding.PROVEN);
    assertThat(found.interfering()).containsExactlyInAnyOrderElementsOf(suite.culprits());
    assertThat((double) found.trials()).isLessThanOrEqualTo(80 + 25 * suite.size());
  }

  @Test
  void theNumberOfTrialsGrowsWithTheLogarithm() {
    double small = meanTrials(60, 64);
    double large = meanTrials(60, 4096);
    assertThat(large).isGreaterThan(small).isLessThan(2 * small);
  }

  private static double meanTrials(int seeds, int size) {
    var tests = IntStream.range(0, size).mapToObj(i -> "test_" + i).toList();
    return LongStream.range(0, seeds)
        .mapToInt(seed -> {
          String culprit = tests.get(new SplittableRandom(seed).nextInt(size));
          var suite = new Suite(tests, Way.BEFORE, Set.of(culprit));
          return suite
              .search(TestingExperimentDriver.of(seed, suite.way(), suite.culprits(), 1))
              .trials();
        })
        .average()
        .orElseThrow();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void findsWhatATestNeeds(long seed) {
    Suite suite = Suite.of(seed);
    var driver = TestingExperimentDriver.of(seed, Way.BEFORE, suite.culprits(), 1).mends();

    Diagnosis found = suite.search(driver);

    assertThat(found.finding()).isEqualTo(Finding.PROVEN);
    assertThat(found.effect()).isEqualTo(Effect.MENDS);
    assertThat(found.interfering()).containsExactlyInAnyOrderElementsOf(suite.culprits());
    assertThat(found.alone().hits()).isEqualTo(found.alone().runs());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aTestThatIsFlakyByItselfChargesNobody(long seed) {
    Suite suite = Suite.of(seed);
    double share = 0.02 + 0.9 * new SplittableRandom(seed).nextDouble();

    Diagnosis found =
        suite.search(TestingExperimentDriver.of(seed, suite.way(), Set.of(), 1).failsAlone(share));

    assertThat(found.finding()).isNotEqualTo(Finding.PROVEN);
  }

  /// Seen from the runs alone, a coin looks like something that lasts when it shows one side first
  /// and then only the other.
  @ParameterizedTest(name = "fails alone {0}")
  @ValueSource(doubles = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9})
  void aCoinIsFlakyAndNothingElse(double share) {
    int coins = 2_000;
    var findings = new EnumMap<Finding, Integer>(Finding.class);
    for (long seed = 0; seed < coins; seed++) {
      Suite suite = Suite.of(seed);
      var driver = TestingExperimentDriver.of(seed, suite.way(), Set.of(), 1).failsAlone(share);
      Diagnosis found =
          new Search(
                  TestingExperimentDriver.TEST,
                  suite.pools(),
                  Effort.USUAL,
                  driver,
                  Failure.UNKNOWN)
              .run();
      findings.merge(found.finding(), 1, Integer::sum);
      if (found.finding() == Finding.FLAKY) {
        assertThat(found.alone().hits()).isBetween(1, found.alone().runs() - 1);
        assertThat(found.interfering()).isEmpty();
      }
    }
    double never = Math.pow(1 - share, 3);
    double always = Math.pow(share, 4);
    assertThat(findings.getOrDefault(Finding.PROVEN, 0)).isLessThanOrEqualTo(coins / 1_000);
    assertThat(findings.getOrDefault(Finding.LINGERS, 0)).isLessThanOrEqualTo(coins / 200);
    assertThat((double) findings.getOrDefault(Finding.FLAKY, 0) / coins)
        .isGreaterThan(1 - never - always - 0.05);
  }

  @Test
  void aTestThatPassesForGoodSinceItPassedAfterOthersNeedsNoCompany() {
    var behind = new boolean[1];
    ExperimentDriver file =
        trial -> {
          behind[0] |= trial.interfering().contains("test_5");
          return Observation.of(behind[0] ? ExperimentOutcome.PASSED : ExperimentOutcome.FAILED);
        };
    var tests = IntStream.range(0, 20).mapToObj(i -> "test_" + i).toList();
    var pools = List.of(new Pool(Way.BEFORE, tests, "all"));
    Diagnosis found = new Search("t", pools, Effort.USUAL, file, Failure.UNKNOWN).run();
    assertThat(found.finding()).isEqualTo(Finding.LINGERS);
    assertThat(found.effect()).isEqualTo(Effect.MENDS);
    assertThat(found.alone().hits()).isEqualTo(3);
    assertThat(found.alone().runs()).isGreaterThan(12);
  }

  @ParameterizedTest(name = "stopped after {0} trials")
  @ValueSource(ints = {0, 1, 3, 4, 5, 6, 8, 12})
  void tellsTheBestKnownWhenStopped(int trials) {
    Suite suite = Suite.of(7);
    var driver = TestingExperimentDriver.of(7, Way.BEFORE, suite.culprits(), 1).stopsAfter(trials);

    Diagnosis found = suite.search(driver);

    assertThat(found.trials()).isLessThanOrEqualTo(trials);
    assertThat(found.finding()).isEqualTo(trials < 4 ? Finding.STOPPED : Finding.UNPROVEN);
    assertThat(found.interfering().containsAll(suite.culprits())).isEqualTo(trials >= 4);
  }

  @Test
  void whatOutlivesTheProcessesIsNoCompany() {
    Suite suite = Suite.of(3);
    var driver =
        TestingExperimentDriver.of(3, suite.way(), suite.culprits(), 1).leavesSomethingBehind();
    Diagnosis found = suite.search(driver);
    assertThat(found.finding()).isEqualTo(Finding.LINGERS);
    assertThat(found.alone().hits()).isGreaterThanOrEqualTo(10);
  }

  @Test
  void aTestThatAlwaysFailsNeedsNoCompany() {
    Suite suite = Suite.of(5);
    var driver = TestingExperimentDriver.of(5, suite.way(), Set.of(), 1).failsAlone(1);
    Diagnosis found = suite.search(driver);
    assertThat(found.finding()).isEqualTo(Finding.FAILS_ALONE);
    assertThat(found.alone()).isEqualTo(new Tally(3, 3));
  }

  @Test
  void aTestThatNeverFailsIsTriedInEveryPool() {
    Suite suite = Suite.of(5);
    var driver = TestingExperimentDriver.of(5, suite.way(), Set.of(), 1);
    assertThat(suite.search(driver).finding()).isEqualTo(Finding.NEVER);
    assertThat(driver.made()).hasSize(3 + PATIENT.tries() * 3 / 2);
  }

  @Test
  void aTestWithoutOthersIsOnlyTriedAlone() {
    var driver = TestingExperimentDriver.of(1, Way.BEFORE, Set.of(), 1);
    var pools = List.of(new Pool(Way.BEFORE, List.of(), "all"));
    Diagnosis found = new Search("t", pools, Effort.USUAL, driver, Failure.UNKNOWN).run();
    assertThat(found.finding()).isEqualTo(Finding.NEVER);
    assertThat(driver.made()).hasSize(3);
  }

  @Test
  void oneOfSeveralSetsOfCulpritsIsFound() {
    var tests = IntStream.range(0, 200).mapToObj(i -> "test_" + i).toList();
    ExperimentDriver anyTwo =
        trial ->
            Observation.of(
                trial.interfering().stream().filter(t -> t.endsWith("7")).count() >= 2
                        && trial.way() == Way.CONCURRENT
                    ? ExperimentOutcome.FAILED
                    : ExperimentOutcome.PASSED);
    var pools = List.of(new Pool(Way.CONCURRENT, tests, "all"));
    Diagnosis found = new Search("t", pools, Effort.USUAL, anyTwo, Failure.UNKNOWN).run();
    assertThat(found.finding()).isEqualTo(Finding.PROVEN);
    assertThat(found.interfering()).hasSize(2).allMatch(t -> t.endsWith("7"));
    assertThat(found.oneWorker()).isEqualTo(new Tally(0, 3));
  }

  @Test
  void culpritsThatAreKnownRunApart() {
    var tests = IntStream.range(0, 100).mapToObj(i -> "test_" + i).toList();
    var driver = TestingExperimentDriver.of(1, Way.CONCURRENT, Set.of("test_20", "test_80"), 1);
    var pools = List.of(new Pool(Way.CONCURRENT, tests, "all"));
    new Search("t", pools, Effort.USUAL, driver, Failure.UNKNOWN).run();
    assertThat(driver.made())
        .anyMatch(t -> t.interfering().size() > 2 && t.apart().equals(Set.of("test_80")));
    assertThat(driver.made()).anyMatch(t -> t.apart().equals(Set.of("test_20", "test_80")));
  }

  /// Alone it fails with one error, with `test_30` at the same time with another.
  private static Observation lateOrLost(ExperimentSetup trial) {
    boolean late = trial.way() == Way.CONCURRENT && trial.interfering().contains("test_30");
    String cause =
        late ? "TimeoutError: 0x7f3a after " + trial.interfering().size() : "KeyError: 1";
    return new Observation(ExperimentOutcome.FAILED, Set.of(), new Failure(cause));
  }

  @Test
  void aProofHoldsOnlyForTheFailureThatWasRecorded() {
    var tests = IntStream.range(0, 64).mapToObj(i -> "test_" + i).toList();
    var pools = List.of(new Pool(Way.CONCURRENT, tests, "all"));
    var recorded = new Failure("TimeoutError: 0x11 after 5");
    Diagnosis found = new Search("t", pools, Effort.USUAL, SearchTest::lateOrLost, recorded).run();
    assertThat(found.finding()).isEqualTo(Finding.PROVEN);
    assertThat(found.interfering()).containsExactly("test_30");
    assertThat(found.alone().hits()).as("it fails there, but otherwise").isZero();
    assertThat(found.oneWorker()).as("a mark is no fix").isEqualTo(new Tally(3, 3));
    assertThat(found.failures().differ()).isFalse();
    assertThat(found.failures().others()).containsOnlyKeys(new Failure("KeyError: 1"));
  }

  @Test
  void withoutARecordTheFirstFailureIsSought() {
    var pools = List.of(new Pool(Way.CONCURRENT, List.of("test_30"), "all"));
    Diagnosis found =
        new Search("t", pools, Effort.USUAL, SearchTest::lateOrLost, Failure.UNKNOWN).run();
    assertThat(found.finding()).isEqualTo(Finding.FAILS_ALONE);
    assertThat(found.failures().found()).isEqualTo(new Failure("KeyError: 1"));
  }

  @Test
  void aRecordedFailureThatDoesNotOccurGivesWayToOneThatDoes() {
    var tests = IntStream.range(0, 64).mapToObj(i -> "test_" + i).toList();
    var pools = List.of(new Pool(Way.CONCURRENT, tests, "all"));
    ExperimentDriver late =
        trial ->
            trial.interfering().contains("test_30")
                ? lateOrLost(trial)
                : Observation.of(ExperimentOutcome.PASSED);
    var recorded = new Failure("OSError: no space left");
    Diagnosis found = new Search("t", pools, Effort.USUAL, late, recorded).run();
    assertThat(found.finding()).isEqualTo(Finding.PROVEN);
    assertThat(found.interfering()).containsExactly("test_30");
    assertThat(found.failures().differ()).isTrue();
  }
}
