package dev.plimsoll.calibrate;

import dev.plimsoll.calibrate.choice.Choice;

/// What a calibration does next.
public sealed interface Move {
  /// Run the suite with this many workers; the level is run for the `run`-th time.
  record Try(int workers, int run) implements Move {}

  /// Run a level again because a run of it leaves a question open.
  record Repeat(int workers, String why) implements Move {}

  /// End.
  ///
  /// @param why what ended the ramp, in words
  record Stop(Choice choice, String why) implements Move {}
}
