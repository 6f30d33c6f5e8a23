package dev.plimsoll.calibrate;

import dev.plimsoll.model.RunSummary;

/// Runs a suite once at a level.
@FunctionalInterface
public interface LevelRunner {
  /// Run to the end.
  ///
  /// @param suite group, stage or free name of what is run
  /// @throws dev.plimsoll.model.UserError when nothing could be run
  RunSummary run(String suite, int workers);
}
