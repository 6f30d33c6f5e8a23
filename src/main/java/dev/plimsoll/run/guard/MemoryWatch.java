package dev.plimsoll.run.guard;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.MemorySnapshot;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.RamAfter;
import dev.plimsoll.model.Shortage;
import dev.plimsoll.schedule.Memory;
import dev.plimsoll.schedule.Reservations;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Looks at memory for the dispatcher, on its thread.
public interface MemoryWatch extends Reservations, AutoCloseable {
  /// Look now.
  ///
  /// @param host process of the host, 0 before it lives
  /// @param workers process of each live worker
  Reading read(long host, Map<Integer, Long> workers);

  /// Peak of the run's processes together so far, and how it was taken.
  Peak peak();

  /// The machine after the run, as `free` would show it.
  RamAfter after();

  @Override
  void close();

  /// What was seen.
  ///
  /// @param headroom what the run may still allocate; negative when the reserve is being eaten
  /// @param why what is short, empty when nothing is
  /// @param nextLook how long the next look may be put off
  /// @param sizes memory each worker's tree holds now
  /// @param own what each worker itself has allocated and holds now
  record Reading(
      MemorySnapshot snapshot,
      Bytes headroom,
      Memory.State state,
      Optional<Shortage> why,
      Duration nextLook,
      Map<Integer, Bytes> sizes,
      Map<Integer, Bytes> own) {
    public Reading {
      sizes = Map.copyOf(sizes);
      own = Map.copyOf(own);
    }
  }

  /// Peaks of a run.
  ///
  /// @param tree peak of the run's processes
  /// @param machine highest use of the whole machine's memory
  record Peak(Bytes tree, PeakSource source, Bytes machine) {}
}
