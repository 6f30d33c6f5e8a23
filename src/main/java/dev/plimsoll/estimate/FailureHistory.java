package dev.plimsoll.estimate;

import java.util.List;

/// How likely a test is to fail, from how its last attempts ended.
///
/// Recent attempts count more: a test that was mended long ago is not a suspect, and one that broke
/// in the last run is. Before it has run, a test counts as if it had failed in two of a hundred
/// attempts; each attempt since makes that guess matter less.
final class FailureHistory {
  /// The probability that a test fails of which nothing is known. New tests fail more often than
  /// old ones, so this lies above what a few green attempts leave of it.
  static final double UNKNOWN = 0.02;

  /// How much an attempt counts, compared with the attempt after it.
  private static final double FADING = 0.6;

  private FailureHistory() {}

  /// The probability that the next attempt fails.
  ///
  /// @param samples earlier attempts, the newest first
  static double risk(List<Sample> samples) {
    double weight = 1;
    double attempts = 1;
    double failures = UNKNOWN;
    for (Sample sample : samples) {
      attempts += weight;
      failures += sample.failed() ? weight : 0;
      weight *= FADING;
    }
    return failures / attempts;
  }
}
