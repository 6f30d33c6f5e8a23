package dev.plimsoll.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plimsoll.estimate.Estimate.Basis;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.PeakSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EstimatorTest {
  private static final Estimate PRIOR =
      new Estimate(Duration.ofMillis(50), Bytes.mib(64), Basis.PRIOR);

  private static Sample sample(long millis, long mib, PeakSource source) {
    return new Sample(Duration.ofMillis(millis), Bytes.mib(mib), source);
  }

  private static Sample sample(long millis, long mib) {
    return sample(millis, mib, PeakSource.CGROUP);
  }

  private static List<Sample> peaks(int count, long mib) {
    return new ArrayList<>(Collections.nCopies(count, sample(100, mib)));
  }

  private static double peak(List<Sample> samples) {
    return Estimator.estimate(samples, PRIOR).peak().value() / (double) Bytes.mib(1).value();
  }

  @Test
  void withoutSamplesThePriorStands() {
    assertThat(Estimator.estimate(List.of(), PRIOR)).isEqualTo(PRIOR);
  }

  @Test
  void aTestThatRanIsRecorded() {
    assertThat(Estimator.estimate(peaks(1, 100), PRIOR).basis()).isEqualTo(Basis.RECORDED);
  }

  /// From 5 samples with 15 % to 20 with 10 %.
  @ParameterizedTest(name = "{0} samples")
  @CsvSource({"1,115", "4,115", "5,115", "8,114", "11,113", "17,111", "20,110", "60,110"})
  void theMarginFallsAsSamplesComeIn(int count, double expected) {
    assertThat(peak(peaks(count, 100))).isEqualTo(expected, within(0.001));
  }

  @Test
  void oneLargePeakCountsFullyAmongFewAndNotAmongMany() {
    List<Sample> few = peaks(3, 100);
    few.add(sample(100, 1000));
    assertThat(peak(few)).isEqualTo(1150, within(0.001));
    List<Sample> many = peaks(99, 100);
    many.add(sample(100, 1000));
    assertThat(peak(many)).isEqualTo(110, within(0.001));
    many.add(sample(100, 1000));
    many.add(sample(100, 1000));
    assertThat(peak(many)).as("3 of 102 are more than 2 %").isEqualTo(1100, within(0.001));
  }

  @Test
  void aKilledAttemptCountsTwiceWhatWasSeenOfItAndItsTimeNotAtAll() {
    var estimate =
        Estimator.estimate(List.of(sample(9_000, 100, PeakSource.KILLED), sample(200, 120)), PRIOR);
    assertThat(estimate.peak().value()).isCloseTo(Bytes.mib(230).value(), within(1L));
    assertThat(estimate.duration()).isEqualTo(Duration.ofMillis(200));
    assertThat(estimate.basis()).isEqualTo(Basis.RECORDED);
    assertThat(Estimator.estimate(List.of(sample(9_000, 100, PeakSource.KILLED)), PRIOR).duration())
        .isEqualTo(PRIOR.duration());
  }

  @Test
  void aTestThatWasKilledAloneIsTooLargeUntilItPasses() {
    Sample alone = sample(300, 500, PeakSource.KILLED_ALONE);
    var large = Estimator.estimate(List.of(alone, sample(100, 400)), PRIOR);
    assertThat(large.basis()).isEqualTo(Basis.TOO_LARGE);
    assertThat(Estimator.declared(large, Bytes.mib(10))).isEqualTo(large);
    assertThat(Estimator.estimate(List.of(sample(100, 400), alone), PRIOR).basis())
        .isEqualTo(Basis.RECORDED);
  }

  @Test
  void aDeclaredPeakWinsAndTheRestStays() {
    var recorded =
        Estimator.estimate(
            List.of(
                new Sample(Duration.ofSeconds(2), Bytes.mib(100), PeakSource.CGROUP, true, 0.25)),
            PRIOR);
    var declared = Estimator.declared(recorded, Bytes.gib(1));
    assertThat(declared)
        .isEqualTo(
            new Estimate(
                Duration.ofSeconds(2), Bytes.gib(1), Basis.DECLARED, recorded.risk(), 0.25));
  }

  @ParameterizedTest(name = "declared {0} MiB, recorded {1} MiB")
  @CsvSource({
    "99,100,true",
    "100,100,false",
    "400,100,false",
    "356,100,false",
    "401,100,true",
    "200,40,false",
    "296,40,false",
    "297,40,true",
    "8001,2000,true",
    "8000,2000,false",
    "0,0,false"
  })
  void aDeclarationBelowOrFarAboveWhatWasRecordedIsNamed(long declared, long mib, boolean far) {
    assertThat(Estimator.isFarOff(Bytes.mib(declared), List.of(sample(1, 0), sample(1, mib))))
        .isEqualTo(far);
  }

  @Test
  void withoutSamplesNoDeclarationIsFarOff() {
    assertThat(Estimator.isFarOff(Bytes.gib(9), List.of())).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"'7',7,7", "'3 9',6,3", "'9 1 5',5,1", "'8 2 4 6',5,2", "'5 4 3 2 1',3,2"})
  void aRunExpectsTheMedianAndAPlanTheLowerQuartile(String all, long median, long quartile) {
    List<Sample> samples =
        List.of(all.split(" ")).stream().map(text -> sample(Long.parseLong(text), 1)).toList();
    assertThat(Estimator.estimate(samples, PRIOR).duration()).isEqualTo(Duration.ofMillis(median));
    assertThat(Estimator.planningTime(samples, Duration.ZERO))
        .isEqualTo(Duration.ofMillis(quartile));
  }

  @Test
  void aPlanWithoutTimesTakesTheFallback() {
    var fallback = Duration.ofSeconds(3);
    assertThat(Estimator.planningTime(List.of(), fallback)).isEqualTo(fallback);
    assertThat(Estimator.planningTime(List.of(sample(9, 1, PeakSource.KILLED)), fallback))
        .isEqualTo(fallback);
  }

  /// 1 s that computes and 3 s of which a quarter does, make 1.75 of 4.
  @Test
  void coresAreWhatAllAttemptsComputedOverWhatTheyLasted() {
    var samples =
        List.of(
            new Sample(Duration.ofSeconds(1), Bytes.ZERO, PeakSource.CGROUP, false, 1),
            new Sample(Duration.ofSeconds(3), Bytes.ZERO, PeakSource.CGROUP, false, 0.25),
            new Sample(Duration.ofSeconds(9), Bytes.ZERO, PeakSource.KILLED, false, 8));
    assertThat(Estimator.estimate(samples, PRIOR).cores()).isEqualTo(1.75 / 4, within(1e-9));
    var killed = List.of(new Sample(Duration.ofSeconds(9), Bytes.ZERO, PeakSource.KILLED));
    assertThat(Estimator.estimate(killed, PRIOR).cores()).isEqualTo(1);
  }

  @Test
  void recentFailuresCountMore() {
    assertThat(risk()).isEqualTo(0.02, within(1e-9));
    assertThat(risk(false)).isEqualTo(0.02 / 2, within(1e-9));
    assertThat(risk(true)).isEqualTo(1.02 / 2, within(1e-9));
    assertThat(risk(true, false)).isEqualTo(1.02 / 2.6, within(1e-9));
    assertThat(risk(false, true)).isEqualTo(0.62 / 2.6, within(1e-9));
    assertThat(risk(false, false, true)).isEqualTo(0.38 / 2.96, within(1e-9));
  }

  private static double risk(boolean... failed) {
    var samples = new ArrayList<Sample>();
    for (boolean each : failed) {
      samples.add(new Sample(Duration.ofSeconds(1), Bytes.ZERO, PeakSource.CGROUP, each, 1));
    }
    return Estimator.estimate(samples, PRIOR).risk();
  }
}
