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
/// @param value median over its runs
/// @param runs how many runs that is
public record Figure(String test, double value, int runs) {
  /// A median of fewer runs follows a single bad one.
  public static final int LEAST_RUNS = 3;

  /// The figure of a file from the sightings of each of its tests.
  static Optional<Figure> of(Map<String, List<Sighting>> tests, ToDoubleFunction<Sighting> value) {
    return tests.entrySet().stream()
        .filter(test -> test.getValue().size() >= LEAST_RUNS)
        .map(test ->
            new Figure(
                test.getKey(),
                median(test.getValue().stream().map(value::applyAsDouble).toList()),
                test.getValue().size()))
        .max(Comparator.comparingDouble(Figure::value).thenComparing(Figure::test));
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
