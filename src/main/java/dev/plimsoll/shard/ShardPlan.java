package dev.plimsoll.shard;

import dev.plimsoll.estimate.TestCost;
import dev.plimsoll.model.Bytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/// Which shard a unit belongs to: a total function, the same on every machine that has the plan.
///
/// A unit that the plan does not know (a new test) goes to one of the shards that can hold it, by
/// weighted rendezvous hashing: each shard draws a number from the unit's key and its own, and the
/// largest wins (Schindelhauer and Schomaker, Weighted Distributed Hash Tables, SPAA 2005). So
/// neither the order of the collection nor a unit that is new or gone changes where another one
/// runs.
///
/// @param shards index of the shard of each unit that the plan knows
/// @param seconds what each shard is expected to take
public record ShardPlan(
    List<ShardMachine> machines, Map<String, Integer> shards, List<Double> seconds) {
  public ShardPlan {
    machines = List.copyOf(machines);
    shards = Collections.unmodifiableMap(shards);
    seconds = List.copyOf(seconds);
    if (machines.isEmpty()) {
      throw new IllegalArgumentException("a plan has a machine");
    }
  }

  /// The plan that knows nothing: equal shards, and every unit by its hash.
  public static ShardPlan even(int count) {
    var machine = new ShardMachine("", Bytes.of(Long.MAX_VALUE), 1, Map.of());
    return new ShardPlan(
        Collections.nCopies(count, machine), Map.of(), Collections.nCopies(count, 0.0));
  }

  public int size() {
    return machines.size();
  }

  /// The index of a unit's shard.
  ///
  /// @param key the unit's name, or the id of a test that is free
  /// @param peak memory that one of its tests declares to need, zero when none does
  public int shardOf(String key, Bytes peak) {
    Integer planned = shards.get(key);
    return planned == null ? drawn(key, peak) : planned;
  }

  /// The tests that no machine can hold.
  public List<TestCost> tooLarge(List<TestCost> tests) {
    return tests.stream()
        .filter(test -> machines.stream().noneMatch(machine -> machine.holds(test.peak())))
        .toList();
  }

  private int drawn(String key, Bytes peak) {
    int best = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (int shard : holders(machines, peak)) {
      double score = -machines.get(shard).weight() / StrictMath.log(draw(key, shard));
      if (score > most) {
        most = score;
        best = shard;
      }
    }
    return best;
  }

  /// The machines that can hold a unit; the largest when none can.
  static List<Integer> holders(List<ShardMachine> machines, Bytes peak) {
    Bytes largest =
        machines.stream().map(ShardMachine::budget).max(Bytes::compareTo).orElse(Bytes.ZERO);
    Bytes wanted = peak.min(largest);
    var holders = new ArrayList<Integer>();
    for (int i = 0; i < machines.size(); i++) {
      if (machines.get(i).holds(wanted)) {
        holders.add(i);
      }
    }
    return holders;
  }

  /// A number above 0 and below 1, drawn from key and shard.
  private static double draw(String key, int shard) {
    long hash = 0xCBF29CE484222325L + shard * 0x9E3779B97F4A7C15L;
    for (int i = 0; i < key.length(); i++) {
      hash = (hash ^ key.charAt(i)) * 0x100000001B3L;
    }
    return ((mix(hash) >>> 11) + 0.5) * 0x1p-53;
  }

  /// The finalizer of SplitMix64.
  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
