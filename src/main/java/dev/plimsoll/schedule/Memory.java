package dev.plimsoll.schedule;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Shortage;
import java.util.Map;
import java.util.Optional;

/// Memory as admission sees it.
///
/// @param headroom what the run may still allocate now; negative when the reserve is being eaten
/// @param growth what each worker's running test has allocated so far, by worker
/// @param kept what each worker still holds after its tests, beyond what it began with, by worker
/// @param state how pressing things are
/// @param why the reason for a state that is not `CALM`, empty for that
public record Memory(
    Bytes headroom,
    Map<Integer, Bytes> growth,
    Map<Integer, Bytes> kept,
    State state,
    Optional<Shortage> why) {
  public Memory {
    growth = Map.copyOf(growth);
    kept = Map.copyOf(kept);
  }

  /// How pressing the machine's memory is.
  public enum State {
    CALM,
    /// Nothing more is admitted while something runs.
    TIGHT,
    /// Something must be given up now.
    CRITICAL
  }
}
