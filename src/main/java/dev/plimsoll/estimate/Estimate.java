package dev.plimsoll.estimate;

import dev.plimsoll.model.Bytes;
import java.time.Duration;

/// What a test is expected to take.
///
/// @param duration expected wall-clock time
/// @param peak expected peak above the worker's base, with the margin that admission needs
/// @param basis where `peak` comes from
/// @param risk probability that the test fails, from 0 to 1
/// @param cores how many cores the test keeps busy on average while it runs: near 0 when it waits
public record Estimate(Duration duration, Bytes peak, Basis basis, double risk, double cores) {
  /// An estimate for a test that never ran: it is taken to compute all the time.
  public Estimate(Duration duration, Bytes peak, Basis basis) {
    this(duration, peak, basis, FailureHistory.UNKNOWN, 1);
  }

  /// Where an estimate of a peak comes from, from weakest to strongest.
  public enum Basis {
    /// No sample of this test: what tests of its group usually take.
    PRIOR,
    /// Recorded peaks of earlier runs.
    RECORDED,
    /// Its last attempt was killed for memory with nothing beside it: it runs alone, once, until it
    /// passes.
    TOO_LARGE,
    /// Said by the user in a mark or in the configuration.
    DECLARED
  }
}
