package dev.plimsoll.calibrate.choice;

import java.util.List;

/// The level chosen for a suite.
///
/// @param workers the chosen level, 0 when no level can be recommended
/// @param reason why, in words
/// @param rejected every other level, fewest workers first
/// @param notes what the user should know about the measurements
public record Choice(int workers, String reason, List<Rejected> rejected, List<String> notes) {
  public Choice {
    rejected = List.copyOf(rejected);
    notes = List.copyOf(notes);
  }

  /// Whether a level was found.
  public boolean found() {
    return workers > 0;
  }
}
