package dev.plimsoll.stages;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ProcessKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Which worker of a browser stage is given up when memory is about to run out, and when the next.
///
/// The one that holds the most, the highest number of equals; one that holds next to nothing is
/// never, since it would give nothing back. The next only when every process of the last is gone: a
/// worker ends at once, its browser frees gigabytes for a while.
public final class Relief {
  /// Less than any worker with a browser holds.
  private static final Bytes WORTH = Bytes.mib(64);

  /// The kernel frees about 10 GB a second; who is not gone by then hangs in it.
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final Predicate<ProcessKey> alive;
  private Set<ProcessKey> leaving = Set.of();
  private Instant since = Instant.EPOCH;

  /// @param alive whether a process still holds memory
  public Relief(Predicate<ProcessKey> alive) {
    this.alive = alive;
  }

  /// Whether memory of a worker that was given up is still to come back.
  public boolean isComing(Instant now) {
    return now.isBefore(since.plus(LONGEST)) && leaving.stream().anyMatch(alive);
  }

  /// A worker is given up, with these processes.
  public void givenUp(Set<ProcessKey> processes, Instant now) {
    leaving = Set.copyOf(processes);
    since = now;
  }

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
