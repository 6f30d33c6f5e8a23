package dev.plimsoll.process;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// The time of day when this process began, and from then on what `CLOCK_MONOTONIC` counts
/// (clock_gettime(2)): it never jumps, and it stands still while the machine sleeps.
///
/// A laptop that wakes up, or a virtual machine whose host does, moves the time of day by hours.
/// Time limits, durations and the next look at memory must not notice. Python's `time.monotonic`
/// reads the same clock, so that moments of both agree.
public final class SteadyClock {
  @SuppressWarnings("TimeInStaticInitializer") // the time of day counts once: now
  private static final Instant BOOT = Instant.now().minusNanos(System.nanoTime());

  private SteadyClock() {}

  public static Instant now() {
    return BOOT.plusNanos(System.nanoTime());
  }

  /// The moment at which `CLOCK_MONOTONIC` has counted this much.
  public static Instant at(Duration monotonic) {
    return BOOT.plus(monotonic);
  }

  /// This clock, for what takes one.
  public static InstantSource source() {
    return SteadyClock::now;
  }
}
