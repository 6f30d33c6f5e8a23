package dev.plimsoll.estimate;

import java.time.Duration;

/// What the tests of a group took when each of them ran last.
///
/// @param wall the sum of their times, without the time they waited for a core
/// @param cpu the sum of their processor times
/// @param longest the longest time of one test
public record GroupTimes(Duration wall, Duration cpu, Duration longest) {
  /// The share of the time in which the tests computed, at most 1.
  public double computing() {
    return wall.isZero() ? 1 : Math.min(1, cpu.toNanos() / (double) wall.toNanos());
  }
}
