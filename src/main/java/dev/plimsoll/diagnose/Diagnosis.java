package dev.plimsoll.diagnose;

import java.util.List;

/// The result of a search: a test and the tests that interfere with it.
///
/// @param effect what the interfering tests do to the test
/// @param interfering the interfering tests, or the smallest set known so far that contains one of
///   them; in the order in which they run
/// @param with how often the effect occurred with exactly these tests
/// @param without the runs without one of these tests: the fewest for any of them
/// @param alone how often the test failed alone
/// @param oneWorker how often the test failed in one worker after tests that make it fail when they
///   run concurrently; no runs if that was not tried
/// @param trials number of experiments
public record Diagnosis(
    String test,
    Finding finding,
    Effect effect,
    Way way,
    List<String> interfering,
    Tally with,
    Tally without,
    Tally alone,
    Tally oneWorker,
    int trials) {
  public Diagnosis {
    interfering = List.copyOf(interfering);
  }

  /// How the search ended.
  public enum Finding {
    /// The effect occurs with the interfering tests, and never without any one of them.
    PROVEN,
    /// The effect occurred with these tests, which may be more than needed.
    UNPROVEN,
    /// It fails alone, and with other tests as well.
    FAILS_ALONE,
    /// It fails alone sometimes.
    FLAKY,
    /// It failed with other tests and fails alone since then: something outlives the processes.
    LINGERS,
    /// It passes alone and passed with every set of other tests.
    NEVER,
    /// The search was stopped before anything was seen.
    STOPPED
  }
}
