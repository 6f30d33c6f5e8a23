package dev.plimsoll.calibrate.choice;

import java.time.Duration;

/// One run of a suite, or of one part of it, at one level of workers.
///
/// @param part what was run when the suite was measured in parts, empty for the whole suite
/// @param time wall-clock time of the run
/// @param noisy whether other programs took so much of the machine that `time` is not to be trusted
public record Measurement(
    int workers, String part, Outcomes outcomes, Duration time, MemoryUse memory, boolean noisy) {
  public Measurement {
    if (workers < 1) {
      throw new IllegalArgumentException("workers: " + workers);
    }
    if (time.isNegative()) {
      throw new IllegalArgumentException("time: " + time);
    }
  }
}
