package dev.plimsoll.learn;

import java.util.List;
import java.util.Optional;

/// What files of a group usually take, and how far from that a file is.
///
/// The scale is logarithmic, since times and peaks of tests spread over orders of magnitude. The
/// distance is the modified z-score of Iglewicz and Hoaglin (1993), 0.6745 times the distance to
/// the median over the median distance, which a few odd files cannot shift; above 3.5 they call a
/// value an outlier (https://www.itl.nist.gov/div898/handbook/eda/section3/eda35h.htm).
///
/// @param files how many files it comes from
/// @param value the median
/// @param center the median of the logarithms
/// @param deviation median distance of the logarithms to it
record Typical(Measure measure, int files, double value, double center, double deviation) {
  private static final double FAR = 3.5;

  /// Fewer files have no usual value.
  private static final int LEAST_FILES = 4;

  private static final double CONSISTENCY = 0.6745;

  /// Files within half as much again are alike, however close the others lie together. With `FAR`
  /// it follows that a far file takes at least eight times the median, or at most an eighth.
  private static final double LEAST_DEVIATION = Math.log(1.5);

  /// What these files have in common; empty when too few of them were measured.
  static Optional<Typical> of(Measure measure, List<FileProfile> files) {
    var values =
        files.stream().flatMap(file -> measure.of(file).stream()).map(Figure::value).toList();
    if (values.size() < LEAST_FILES) {
      return Optional.empty();
    }
    var logs = values.stream().map(value -> Math.log(measure.clamped(value))).toList();
    double center = Figure.median(logs);
    double deviation = Figure.median(logs.stream().map(log -> Math.abs(log - center)).toList());
    return Optional.of(
        new Typical(
            measure,
            values.size(),
            Figure.median(values),
            center,
            Math.max(LEAST_DEVIATION, deviation)));
  }

  boolean farBelow(double value) {
    return measure.apart(value, this.value) && score(value) > FAR;
  }

  boolean farAbove(double value) {
    return measure.apart(this.value, value) && score(value) < -FAR;
  }

  /// Whether a value is nothing special here, less than half the way to what is far.
  boolean suits(double value) {
    return score(value) <= FAR / 2;
  }

  private double score(double value) {
    return CONSISTENCY * (Math.log(measure.clamped(value)) - center) / deviation;
  }

  /// `the other 5 files of light take 17.4 MiB`.
  String words(String group) {
    return "the other %d files of %s take %s at the median"
        .formatted(files, group, measure.words(value));
  }
}
