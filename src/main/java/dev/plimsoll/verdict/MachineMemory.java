package dev.plimsoll.verdict;

import dev.plimsoll.model.Bytes;
import java.util.OptionalLong;

/// The machine's memory around a death: the samples between the last sign of life and the report.
///
/// @param total memory that could be used: of the machine or of the narrowest limit
/// @param leastFree the least that was free of it in any sample
/// @param kills by how much the kernel-wide counter of memory kills rose; empty when there is none
public record MachineMemory(Bytes total, Bytes leastFree, OptionalLong kills) {
  /// Less than a tenth free: the kernel may well have been out of memory between two samples.
  boolean wasShort() {
    return total.isPositive() && leastFree.compareTo(total.times(0.1)) < 0;
  }

  /// More than half free in every sample.
  boolean hadPlenty() {
    return total.isPositive() && leastFree.compareTo(total.times(0.5)) > 0;
  }
}
