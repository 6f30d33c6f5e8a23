package dev.plimsoll.shard;

import dev.plimsoll.model.Bytes;
import java.util.Map;

/// A machine that runs one shard, as the plan sees it.
///
/// @param name what it is, for people: `4c 15g`
/// @param budget memory that its tests may hold together
/// @param speed how fast it is compared with the machines of the recorded times
/// @param workers how many workers each group has there
public record ShardMachine(String name, Bytes budget, double speed, Map<String, Integer> workers) {
  public ShardMachine {
    workers = Map.copyOf(workers);
    if (!(speed > 0)) {
      throw new IllegalArgumentException("a machine has a speed");
    }
  }

  int workers(String group) {
    return Math.max(1, workers.getOrDefault(group, 1));
  }

  /// How much of the units that no history knows it gets, compared with the others.
  double weight() {
    return speed * workers.values().stream().mapToInt(Integer::intValue).max().orElse(1);
  }

  boolean holds(Bytes peak) {
    return peak.compareTo(budget) <= 0;
  }
}
