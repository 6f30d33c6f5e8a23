package dev.plimsoll.schedule;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Death;

/// What becomes of a test that was killed to free memory: it runs again with what it held set
/// aside, then alone; alone at once when what it held leaves no headroom for others anyway. One
/// that is killed alone is too large, and has no further attempt.
public final class Retries {
  /// Attempts at the most: as planned, with its memory set aside, alone.
  private static final int MOST = 3;

  /// On what a test held when it was killed, though that is a lower bound: too little set aside
  /// costs another kill, at most one; twice too much keeps others out all the while it runs (first
  /// runs in simulation: 1.12 of the oracle's time instead of 1.35).
  private static final double MARGIN = 1.15;

  private Retries() {}

  /// What comes after a kill beside other tests.
  ///
  /// @param attempt number of the attempt that was killed, from 1
  /// @param held what the test held then
  /// @param capacity the largest budget that the run could have
  public static Death.Next next(int attempt, Bytes held, Bytes capacity) {
    boolean fits = reservation(held).compareTo(capacity) < 0;
    return fits && attempt < MOST - 1 ? Death.Next.AGAIN : Death.Next.ALONE;
  }

  /// What is set aside for a test that held this much when it was killed.
  public static Bytes reservation(Bytes held) {
    return held.times(MARGIN);
  }
}
