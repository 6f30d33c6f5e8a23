package dev.plimsoll.diagnose;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
/// @param failures which failure all this is about
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
    int trials,
    Failures failures) {
  public Diagnosis {
    interfering = List.copyOf(interfering);
  }

  /// Why the test failed.
  ///
  /// @param found the failure that the numbers of the diagnosis are about
  /// @param recorded the failure of the last recorded run in which it failed
  /// @param others further failures in experiments, with how often each occurred
  public record Failures(Failure found, Failure recorded, Map<Failure, Integer> others) {
    public Failures {
      others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
    }

    /// Whether the experiments showed another failure than the recorded one.
    public boolean differ() {
      return !found.isSame(recorded);
    }
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
    /// It always fails alone since it failed with other tests, or always passes alone since it
    /// passed after others: something outlives the processes.
    LINGERS,
    /// It passes alone and passed with every set of other tests.
    NEVER,
    /// The search was stopped before anything was seen.
    STOPPED
  }
}
