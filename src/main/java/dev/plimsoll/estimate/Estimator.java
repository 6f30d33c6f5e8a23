package dev.plimsoll.estimate;

import dev.plimsoll.estimate.Estimate.Basis;
import dev.plimsoll.model.Bytes;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/// Predict duration, peak memory and risk of failure of a test from its samples.
///
/// Peak: under 5 samples the largest x 1.15; from 20 samples on their 98th percentile + 10 %; in
/// between the margin moves from the one to the other, so that no single sample makes a jump. A
/// killed attempt saw only a part of the peak, so it counts twice what was seen. A declared value
/// wins over all of it. The exception is a test whose last attempt was killed although nothing ran
/// beside it: whatever is declared, it needs all there is.
public final class Estimator {
  private static final double FEW_MARGIN = 1.15;
  private static final double MANY_MARGIN = 1.10;
  private static final int FEW = 5;
  private static final int MANY = 20;
  private static final double PERCENTILE = 0.98;
  private static final int KILLED_FACTOR = 2;

  private Estimator() {}

  /// Predict from samples, or answer the prior when there are none.
  ///
  /// @param samples earlier attempts, the newest first
  /// @param prior what to expect of a test without samples
  public static Estimate estimate(List<Sample> samples, Estimate prior) {
    if (samples.isEmpty()) {
      return prior;
    }
    Basis basis = samples.getFirst().isTooLarge() ? Basis.TOO_LARGE : Basis.RECORDED;
    return new Estimate(
        duration(samples, prior.duration()),
        peak(samples),
        basis,
        FailureHistory.risk(samples),
        cores(samples));
  }

  /// The estimate with a peak that the user declared.
  public static Estimate declared(Estimate estimate, Bytes peak) {
    return estimate.basis() == Basis.TOO_LARGE
        ? estimate
        : new Estimate(
            estimate.duration(), peak, Basis.DECLARED, estimate.risk(), estimate.cores());
  }

  /// Whether a declared peak is so far from the recorded one that the user should hear of it: less
  /// than the recorded peak, or more than four times it and 256 MiB above.
  public static boolean isFarOff(Bytes declared, List<Sample> samples) {
    if (samples.isEmpty()) {
      return false;
    }
    Bytes largest = samples.stream().map(Sample::peak).max(Bytes::compareTo).orElse(Bytes.ZERO);
    boolean tooLow = declared.compareTo(largest) < 0;
    boolean tooHigh =
        declared.compareTo(largest.times(4)) > 0
            && declared.minus(largest).compareTo(Bytes.mib(256)) > 0;
    return tooLow || tooHigh;
  }

  private static Bytes peak(List<Sample> samples) {
    long[] peaks =
        samples.stream()
            .mapToLong(s -> s.isCensored() ? KILLED_FACTOR * s.peak().value() : s.peak().value())
            .sorted()
            .toArray();
    int n = peaks.length;
    double weight = Math.clamp((n - FEW) / (double) (MANY - FEW), 0, 1);
    double few = peaks[n - 1] * FEW_MARGIN;
    double many = peaks[(int) Math.ceil(PERCENTILE * n) - 1] * MANY_MARGIN;
    return Bytes.of((long) (few * (1 - weight) + many * weight));
  }

  /// The time to plan with, when others divide the suite by it: the lower quartile. A median
  /// follows the load of the machines that ran a test, and then the next plan moves what this one
  /// made slow (oven-sh/bun#40283).
  ///
  /// @param samples earlier attempts, their times without the wait for a processor
  public static Duration planningTime(List<Sample> samples, Duration fallback) {
    long[] nanos = ended(samples);
    return nanos.length == 0 ? fallback : Duration.ofNanos(nanos[(nanos.length - 1) / 4]);
  }

  private static Duration duration(List<Sample> samples, Duration fallback) {
    long[] nanos = ended(samples);
    return nanos.length == 0 ? fallback : Duration.ofNanos(median(nanos));
  }

  /// The times of the attempts that came to an end, in ascending order.
  private static long[] ended(List<Sample> samples) {
    return samples.stream()
        .filter(s -> !s.isCensored())
        .mapToLong(s -> s.duration().toNanos())
        .sorted()
        .toArray();
  }

  /// What all attempts computed, over what they lasted.
  private static double cores(List<Sample> samples) {
    double lasted = 0;
    double computed = 0;
    for (Sample sample : samples) {
      if (!sample.isCensored()) {
        lasted += sample.duration().toNanos();
        computed += sample.duration().toNanos() * sample.cores();
      }
    }
    return lasted > 0 ? computed / lasted : 1;
  }

  private static long median(long[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1
        ? sorted[middle]
        : Arrays.stream(sorted, middle - 1, middle + 1).sum() / 2;
  }
}
