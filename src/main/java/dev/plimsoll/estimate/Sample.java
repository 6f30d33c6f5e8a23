package dev.plimsoll.estimate;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.PeakSource;
import java.time.Duration;

/// What one earlier attempt of a test took.
///
/// @param peak memory above the worker's base; a lower bound when `source` is `KILLED`,
///   `KILLED_ALONE` or `HWM_REUSED`
/// @param failed whether the test failed, had an error or crashed
/// @param cores how many cores it kept busy on average; 1 when that was not measured
public record Sample(
    Duration duration, Bytes peak, PeakSource source, boolean failed, double cores) {
  /// An attempt that did not fail.
  public Sample(Duration duration, Bytes peak, PeakSource source) {
    this(duration, peak, source, false, 1);
  }

  /// The same attempt on a machine that takes `ratio` times as long.
  Sample scaled(double ratio) {
    return new Sample(
        Duration.ofNanos(Math.round(duration.toNanos() * ratio)), peak, source, failed, cores);
  }

  /// Whether the attempt was killed for memory although nothing ran beside it.
  public boolean isTooLarge() {
    return source == PeakSource.KILLED_ALONE;
  }

  /// Whether the attempt was ended from outside before it was done.
  public boolean isCensored() {
    return source == PeakSource.KILLED || isTooLarge();
  }
}
