package dev.plimsoll.stages;

import dev.plimsoll.model.Bytes;
import java.util.Map;
import java.util.Optional;

/// Which worker of a browser stage is given up when memory is about to run out.
///
/// The one that holds the most, the highest number of equals; one that holds next to nothing is
/// never, since it would give nothing back.
public final class Relief {
  /// Less than any worker with a browser holds.
  private static final Bytes WORTH = Bytes.mib(64);

  private Relief() {}

  /// The worker to end; empty when none is worth it.
  ///
  /// @param held what each worker holds with its browsers, by number
  public static Optional<Integer> victim(Map<Integer, Bytes> held) {
    return held.entrySet().stream()
        .filter(worker -> worker.getValue().compareTo(WORTH) >= 0)
        .max(Map.Entry.<Integer, Bytes>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey);
  }
}
