package dev.plimsoll.calibrate;

import dev.plimsoll.model.Bytes;

/// What programs outside the run took of the machine while it went on.
///
/// @param known whether it could be taken down
/// @param cores processors kept busy by others, on average
/// @param memory how much more memory others held at the end than at the start
/// @param noisy whether that is so much that the run's time is not to be trusted
public record Background(boolean known, double cores, Bytes memory, boolean noisy) {
  public static final Background UNKNOWN = new Background(false, 0, Bytes.ZERO, false);

  /// Processors that others may keep busy, as a share of all, before a time is distrusted.
  private static final double SHARE = 0.10;

  /// Below this, others are never called noisy: every machine has that much going on.
  private static final double LEAST_CORES = 0.15;

  /// Judge what was seen on a machine with this many processors.
  public static Background of(double busyCores, Bytes grown, int processors) {
    boolean noisy = busyCores > Math.max(LEAST_CORES, SHARE * processors);
    return new Background(true, busyCores, grown, noisy);
  }
}
