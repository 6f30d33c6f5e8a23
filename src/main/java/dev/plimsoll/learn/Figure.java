package dev.plimsoll.learn;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// The most demanding test of a file in one respect: seconds, or bytes.
///
/// @param value what it usually takes, over its runs
/// @param runs how many runs that is
public record Figure(String test, double value, int runs) {
  /// What is usual in fewer runs follows a single bad one.
  public static final int LEAST_RUNS = 3;

  /// The figure of a file from the recorded of each of its tests.
  ///
  /// @param usual what a test usually takes, from the values of its runs
  static Optional<Figure> of(
      Map<String, List<RecordedTest>> tests,
      ToDoubleFunction<RecordedTest> value,
      ToDoubleFunction<List<Double>> usual) {
    return tests.entrySet().stream()
        .filter(test -> test.getValue().size() >= LEAST_RUNS)
        .map(test ->
            new Figure(
                test.getKey(),
                usual.applyAsDouble(test.getValue().stream().map(value::applyAsDouble).toList()),
                test.getValue().size()))
        .max(Comparator.comparingDouble(Figure::value).thenComparing(Figure::test));
  }

  /// The largest value of the smallest quarter, or the smallest of all.
  static double lowerQuartile(Collection<Double> values) {
    var sorted = new ArrayList<>(values);
    sorted.sort(Comparator.naturalOrder());
    return sorted.get((sorted.size() - 1) / 4);
  }

  /// The middle value; of an even number the mean of the two in the middle.
  static double median(Collection<Double> values) {
    var sorted = new ArrayList<>(values);
    sorted.sort(Comparator.naturalOrder());
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
