package dev.plimsoll.learn;

import dev.plimsoll.model.Bytes;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// One respect in which files are compared, and below what a difference means nothing.
enum Measure {
  /// In seconds. A group takes seconds at least, so a second more or less in one file is not felt;
  /// below ten milliseconds a test is mostly pytest itself. Other programs can only add to a time,
  /// so that of the quicker runs is a test's own.
  TIME(0.01, 1),
  /// In bytes. A worker grows by 15 to 50 MB over a run whatever it runs (measured with forked
  /// workers of networkx and numpy); below one MiB the allocator's steps show.
  PEAK(1 << 20, 64 << 20);

  private final double least;
  private final double gap;

  Measure(double least, double gap) {
    this.least = least;
    this.gap = gap;
  }

  /// A figure for comparison: figures too small to tell apart become equal.
  double clamped(double value) {
    return Math.max(least, value);
  }

  /// Whether two figures differ by enough to be felt.
  boolean apart(double larger, double smaller) {
    return larger - smaller >= gap;
  }

  Optional<Figure> of(FileProfile file) {
    return switch (this) {
      case TIME -> file.time();
      case PEAK -> file.peak();
    };
  }

  /// What a test takes and how that was found, as a clause.
  String takes(Figure figure) {
    String how = this == TIME ? "in the quicker of %d runs" : "median of %d runs";
    return "`%s` takes %s (%s)"
        .formatted(figure.test(), words(figure.value()), how.formatted(figure.runs()));
  }

  /// `572 MiB`, `1.87 s`.
  String words(double value) {
    return switch (this) {
      case TIME ->
          String.format(
              Locale.ROOT, "%.2f s", Duration.ofNanos((long) (value * 1e9)).toNanos() / 1e9);
      case PEAK -> Bytes.of((long) value).toString();
    };
  }
}
