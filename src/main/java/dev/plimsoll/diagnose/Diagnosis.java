package dev.plimsoll.diagnose;

import java.util.List;

/// What is known of a test and its interfering set.
///
/// @param effect what the interfering set does to the test
/// @param interfering the culprits, or the smallest interfering set known so far that has one in
///   it; in the order in which they run
/// @param with how often the effect showed with just this interfering set
/// @param without the runs with one of the interfering set left out: the least of them for any
/// @param alone how often the test failed alone
/// @param oneWorker how often the test failed in one worker after the culprits that break it beside
///   it; no runs when that was not tried
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
    /// The effect shows with the interfering set, and never without any one of it.
    PROVEN,
    /// The effect showed with this interfering set, which may be larger than needed.
    UNPROVEN,
    /// It fails alone, and with interfering tests as well.
    FAILS_ALONE,
    /// It fails alone now and then.
    FLAKY,
    /// It failed with interfering tests and fails alone since: something outlives the processes.
    LINGERS,
    /// It passes alone and passed in every interfering set.
    NEVER,
    /// The search was stopped before anything was seen.
    STOPPED
  }
}
