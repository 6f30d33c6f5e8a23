package dev.plimsoll.schedule;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Isolation;
import dev.plimsoll.model.Mode;
import java.util.List;

/// The limits of a run.
///
/// @param mode whether the groups run one after another or all in one pool
/// @param caps for each group, how many of its tests may run at the same time (phased: its number
///   of workers)
/// @param workers workers at the most
/// @param workerBase memory a new worker takes before its first test
/// @param workerGrowth how much more a worker may hold after its tests than before its first one; a
///   worker above it is replaced
/// @param capacity the largest budget the run could ever have: an estimate above it is cut to it
/// @param batchMicros how much work is given at once, in microseconds
/// @param isolate what gets a worker of its own; unless it is nothing, a worker exits after each
///   unit
/// @param oversize a test that runs alone may pass the budget
/// @param cores for each group, how many cores the running tests may keep busy before none of its
///   tests that compute starts; infinite where somebody chose its number of workers
public record Policy(
    Mode mode,
    List<Integer> caps,
    int workers,
    Bytes workerBase,
    Bytes workerGrowth,
    Bytes capacity,
    long batchMicros,
    Isolation isolate,
    boolean oversize,
    List<Double> cores) {
  public Policy {
    caps = List.copyOf(caps);
    cores = List.copyOf(cores);
    if (workers < 1 || caps.stream().anyMatch(cap -> cap < 1)) {
      throw new IllegalArgumentException("at least one worker is needed: " + workers + ", " + caps);
    }
  }

  /// The limits of a run for which somebody chose the number of workers.
  public Policy(
      Mode mode,
      List<Integer> caps,
      int workers,
      Bytes workerBase,
      Bytes workerGrowth,
      Bytes capacity,
      long batchMicros,
      Isolation isolate,
      boolean oversize) {
    this(
        mode,
        caps,
        workers,
        workerBase,
        workerGrowth,
        capacity,
        batchMicros,
        isolate,
        oversize,
        caps.stream().map(_ -> Double.POSITIVE_INFINITY).toList());
  }

  /// How many workers a group may have.
  int cap(int group) {
    return Math.min(caps.get(group), workers);
  }

  /// Whether a worker exits after each unit.
  boolean isolates() {
    return isolate != Isolation.NONE;
  }

  /// Whether all groups share one pool.
  boolean isPacked() {
    return mode == Mode.PACKED;
  }
}
