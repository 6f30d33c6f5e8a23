package dev.plimsoll.estimate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Complete the samples of one machine class with those of others.
///
/// A peak says the same everywhere. A time does not: it is scaled by how much slower or faster this
/// class was on the tests that both classes know, the median of their ratios. With too few tests in
/// common the time is taken as it is: a rough order of tests beats none.
public final class ClassSamples {
  /// Fewer tests in common than this say nothing about the speed of a machine.
  private static final int LEAST_COMMON = 5;

  /// Shorter tests measure the clock and the start of a test rather than the processor.
  private static final long LEAST_NANOS = 1_000_000;

  private ClassSamples() {}

  /// The samples of this class, and for tests that it does not know those of the first other class
  /// that does.
  ///
  /// @param own samples by test id, the newest first
  /// @param others the same of other classes, the most recently used first
  public static Map<String, List<Sample>> complete(
      Map<String, List<Sample>> own, List<Map<String, List<Sample>>> others) {
    if (others.isEmpty()) {
      return own;
    }
    var all = new HashMap<>(own);
    for (Map<String, List<Sample>> other : others) {
      double ratio = ratio(own, other);
      other.forEach((test, samples) -> all.computeIfAbsent(test, _ -> scaled(samples, ratio)));
    }
    return all;
  }

  private static double ratio(Map<String, List<Sample>> own, Map<String, List<Sample>> other) {
    var ratios = new ArrayList<Double>();
    other.forEach((test, samples) -> {
      long here = median(own.getOrDefault(test, List.of()));
      long there = median(samples);
      if (here >= LEAST_NANOS && there >= LEAST_NANOS) {
        ratios.add(here / (double) there);
      }
    });
    if (ratios.size() < LEAST_COMMON) {
      return 1;
    }
    ratios.sort(null);
    return ratios.get(ratios.size() / 2);
  }

  /// Of the attempts that came to an end, 0 when there are none.
  private static long median(List<Sample> samples) {
    long[] nanos =
        samples.stream()
            .filter(sample -> !sample.isCensored())
            .mapToLong(sample -> sample.duration().toNanos())
            .sorted()
            .toArray();
    return nanos.length == 0 ? 0 : nanos[nanos.length / 2];
  }

  private static List<Sample> scaled(List<Sample> samples, double ratio) {
    return ratio == 1 ? samples : samples.stream().map(sample -> sample.scaled(ratio)).toList();
  }
}
