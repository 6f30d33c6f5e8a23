package dev.plimsoll.run;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.MemorySnapshot;
import dev.plimsoll.schedule.Memory;
import java.util.Map;

/// Looks at memory for the dispatcher.
public interface MemoryWatch {
  /// Look now.
  ///
  /// @param workers process of each live worker
  /// @param bases what each worker held when its running test began
  Reading read(long host, Map<Integer, Long> workers, Map<Integer, Bytes> bases);

  /// What was seen.
  ///
  /// @param sizes memory each worker holds now
  record Reading(MemorySnapshot snapshot, Memory memory, Map<Integer, Bytes> sizes) {}
}
