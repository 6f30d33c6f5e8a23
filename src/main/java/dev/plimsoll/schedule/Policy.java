package dev.plimsoll.schedule;

import dev.plimsoll.model.Bytes;
import java.util.List;

/// The limits of a run.
///
/// @param packed all groups in one pool; else one group after the other
/// @param caps for each group, how many of its tests may run at the same time (phased: its number
///   of workers)
/// @param workers workers at the most
/// @param workerBase memory a new worker takes before its first test
/// @param keep the most that a worker may still hold after its tests, beyond what it began with,
///   before a new one takes its place
/// @param capacity the largest budget the run could ever have: an estimate above it is cut to it
/// @param batchMicros how much work is given at once, in microseconds
/// @param fresh a worker ends after each unit
/// @param oversize a test that runs alone may pass the budget
public record Policy(
    boolean packed,
    List<Integer> caps,
    int workers,
    Bytes workerBase,
    Bytes keep,
    Bytes capacity,
    long batchMicros,
    boolean fresh,
    boolean oversize) {
  public Policy {
    caps = List.copyOf(caps);
    if (workers < 1 || caps.stream().anyMatch(cap -> cap < 1)) {
      throw new IllegalArgumentException("at least one worker is needed: " + workers + ", " + caps);
    }
  }
}
