package dev.plimsoll.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The death of a worker that was not asked to end: what happened, and what becomes of the test
/// that it ran.
///
/// @param test id of the test that ran, empty for none
/// @param worker name of the worker (`gw0`)
/// @param start when this attempt of the test began
/// @param held what the test held when it was last seen
/// @param what who ended the worker and why, as the rest of a sentence about it: `was ended by
///   SIGSEGV`
/// @param shortage the limit that memory met, when Plimsoll killed the worker for it
/// @param evidence what shows the cause; empty where the cause is known without any
/// @param advice what to do, empty when there is nothing to do
/// @param attempt number of the attempt, from 1
public record Death(
    String test,
    String worker,
    Instant start,
    Duration duration,
    Bytes held,
    String what,
    Optional<Shortage> shortage,
    List<String> evidence,
    String advice,
    int attempt,
    Next next) {
  public Death {
    evidence = List.copyOf(evidence);
  }

  /// What becomes of the test.
  public enum Next {
    /// No test ran.
    NONE,
    /// It runs again, with more memory set aside.
    AGAIN,
    /// It runs again, with nothing beside it.
    ALONE,
    /// It runs again in a worker that is no copy of the host.
    SPAWNED,
    /// It is reported with this death as its outcome.
    REPORTED
  }
}
