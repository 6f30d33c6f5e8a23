package dev.plimsoll.stages;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ProcessKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Decides which worker of a browser stage to kill when memory runs out, and when the next one.
///
/// It is the one that holds the most, or the one with the highest number among equals. A worker
/// that holds next to nothing is never killed, since that would free nothing. The next one follows
/// only when every process of the last is gone: a worker exits at once, but its browser takes a
/// while to free gigabytes.
public final class Relief {
  /// Less than any worker with a browser holds.
  private static final Bytes WORTH = Bytes.mib(64);

  /// The kernel frees about 10 GB a second; a process that takes longer hangs in the kernel.
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final Predicate<ProcessKey> alive;
  private Set<ProcessKey> leaving = Set.of();
  private Instant since = Instant.EPOCH;

  /// @param alive whether a process still holds memory
  public Relief(Predicate<ProcessKey> alive) {
    this.alive = alive;
  }

  /// Whether the memory of a killed worker is not free yet.
  public boolean isComing(Instant now) {
    return now.isBefore(since.plus(LONGEST)) && leaving.stream().anyMatch(alive);
  }

  /// A worker was killed, with these processes.
  public void givenUp(Set<ProcessKey> processes, Instant now) {
    leaving = Set.copyOf(processes);
    since = now;
  }

  /// The worker to kill, or empty.
  ///
  /// @param held what each worker holds with its browsers, by number
  public static Optional<Integer> victim(Map<Integer, Bytes> held) {
    return held.entrySet().stream()
        .filter(worker -> worker.getValue().compareTo(WORTH) >= 0)
        .max(Map.Entry.<Integer, Bytes>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey);
  }
}
