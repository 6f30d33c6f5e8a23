package dev.plimsoll.cli;

import java.util.Map;

/// Marks the runs that a calibration makes, so that the history can tell them from a person's.
public final class TrialMark {
  /// Set in the environment of such a run.
  public static final String VARIABLE = "_PLIMSOLL_TRIAL";

  private TrialMark() {}

  static boolean isSet(Map<String, String> environment) {
    return environment.containsKey(VARIABLE);
  }
}
