package dev.plimsoll.diagnose;

/// How many runs to make.
///
/// @param alone how often the test runs alone at first
/// @param tries how often to try each whole pool before it counts as harmless; tests that run
///   before the test in its own process usually interfere every time, so half as often for them
/// @param proofs how often the effect must occur with the interfering tests alone to be proven
public record Effort(int alone, int tries, int proofs) {
  public static final Effort USUAL = new Effort(3, 5, 3);

  public Effort {
    if (alone < 1 || tries < 1 || proofs < 1) {
      throw new IllegalArgumentException("at least one of each: " + alone + tries + proofs);
    }
  }

  public Effort withTries(int more) {
    return new Effort(alone, more, proofs);
  }

  int tries(Way way) {
    return way == Way.CONCURRENT ? tries : (tries + 1) / 2;
  }
}
