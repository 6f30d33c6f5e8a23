package dev.plimsoll.calibrate.choice;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.RamAfter;

/// Memory figures of one run, each known or not.
///
/// @param swapBefore swap in use on the machine when the run began
/// @param swapAfter swap in use on the machine when it ended
/// @param peak highest use of the run's processes together
/// @param left what the machine could still give at that moment
/// @param total memory of the machine, or the limit above the run
/// @param after memory of the machine after the run, `RamAfter.UNKNOWN` when it was not taken
public record MemoryUse(
    Amount swapBefore, Amount swapAfter, Amount peak, Amount left, Amount total, RamAfter after) {
  public static final MemoryUse UNKNOWN =
      new MemoryUse(
          Amount.UNKNOWN,
          Amount.UNKNOWN,
          Amount.UNKNOWN,
          Amount.UNKNOWN,
          Amount.UNKNOWN,
          RamAfter.UNKNOWN);

  /// How much swap grew from the run's start to its end, both of which are known.
  Bytes swapGrowth() {
    return swapAfter.bytes().minus(swapBefore.bytes());
  }
}
