package dev.plimsoll.board;

import java.util.List;

/// Tests that are leased together.
///
/// @param group index of their group in the order of the groups
/// @param peak the largest expected peak among them, in bytes
/// @param micros expected time of all of them
/// @param tests their places in the manifest
public record Bundle(int group, long peak, long micros, List<Integer> tests) {
  public Bundle {
    tests = List.copyOf(tests);
    if (tests.isEmpty()) {
      throw new IllegalArgumentException("a bundle has a test");
    }
  }

  /// Bundles of one class wait in one line: powers of two of MiB.
  public int sizeClass() {
    return Long.SIZE - Long.numberOfLeadingZeros(peak >> 20);
  }
}
