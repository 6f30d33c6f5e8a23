package dev.plimsoll.diagnose;

/// How much is tried.
///
/// @param alone how often the test runs alone at first
/// @param tries how often each pool is tried as a whole before it counts as harmless; what runs
///   before the test in its own process acts every time as a rule, so that is tried half as often
/// @param proofs how often the effect must show with the culprits alone before they count as proven
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
