package dev.plimsoll.shard;

import dev.plimsoll.estimate.TestCost;
import dev.plimsoll.model.Bytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Divide the units of a suite among machines, so that the last one ends as early as possible.
///
/// A unit goes to a machine whose budget holds it. First come the units that the fewest machines
/// hold, and among those the longest; each goes where the resulting time is least (Graham's longest
/// processing time first, with machines that differ). Then, a bounded number of times, a unit of
/// the slowest shard moves to another one, or changes places with one of its units.
public final class Packer {
  private static final int MOVES = 400;

  /// Units of a shard that are looked at for a change of places: all pairs of them.
  private static final int TRIED = 60;

  private final List<ShardLoad> loads;

  private Packer(List<ShardMachine> machines) {
    this.loads = machines.stream().map(ShardLoad::new).toList();
  }

  /// A plan for these machines.
  public static ShardPlan pack(List<TestCost> tests, List<ShardMachine> machines) {
    var packer = new Packer(machines);
    packer.place(UnitCost.of(tests));
    packer.improve();
    return packer.plan(machines);
  }

  private void place(List<UnitCost> units) {
    var holders = new HashMap<Bytes, List<ShardLoad>>();
    units.forEach(unit -> holders.computeIfAbsent(unit.peak(), this::holders));
    var order =
        Comparator.comparingInt((UnitCost unit) -> holders(unit, holders).size())
            .thenComparing(Comparator.comparingDouble(UnitCost::seconds).reversed())
            .thenComparing(unit -> unit.key());
    for (UnitCost unit : units.stream().sorted(order).toList()) {
      best(unit, holders(unit, holders)).add(unit);
    }
  }

  private List<ShardLoad> holders(UnitCost unit, Map<Bytes, List<ShardLoad>> known) {
    return known.getOrDefault(unit.peak(), loads);
  }

  private List<ShardLoad> holders(Bytes peak) {
    var machines = ShardPlan.holders(loads.stream().map(ShardLoad::machine).toList(), peak);
    return machines.stream().map(loads::get).toList();
  }

  private static ShardLoad best(UnitCost unit, List<ShardLoad> among) {
    ShardLoad best = among.getFirst();
    double least = best.with(unit);
    for (ShardLoad load : among) {
      double seconds = load.with(unit);
      if (seconds < least) {
        best = load;
        least = seconds;
      }
    }
    return best;
  }

  private void improve() {
    for (int i = 0; i < MOVES; i++) {
      ShardLoad slowest =
          loads.stream().max(Comparator.comparingDouble(ShardLoad::seconds)).orElseThrow();
      if (!move(slowest) && !swap(slowest)) {
        return;
      }
    }
  }

  /// Move the unit away that makes the larger of the two times least.
  private boolean move(ShardLoad from) {
    UnitCost moved = null;
    ShardLoad to = from;
    double least = from.seconds();
    for (UnitCost unit : longest(from)) {
      double left = from.without(unit);
      for (ShardLoad other : left < least ? holders(unit.peak()) : List.<ShardLoad>of()) {
        double after = other == from ? least : Math.max(left, other.with(unit));
        if (after < least * (1 - 1e-9)) {
          moved = unit;
          to = other;
          least = after;
        }
      }
    }
    if (moved == null) {
      return false;
    }
    from.remove(moved);
    to.add(moved);
    return true;
  }

  /// Exchange a unit for a shorter one of the shard that ends first.
  private boolean swap(ShardLoad from) {
    ShardLoad to = loads.stream().min(Comparator.comparingDouble(ShardLoad::seconds)).orElseThrow();
    for (UnitCost mine : to == from ? List.<UnitCost>of() : longest(from)) {
      for (UnitCost other : longest(to)) {
        boolean fits =
            other.seconds() < mine.seconds()
                && holders(mine.peak()).contains(to)
                && holders(other.peak()).contains(from);
        if (fits && exchange(from, mine, to, other)) {
          return true;
        }
      }
    }
    return false;
  }

  /// Exchange them when the larger of the two times gets less by it.
  private static boolean exchange(ShardLoad from, UnitCost mine, ShardLoad to, UnitCost other) {
    double after = Math.max(from.exchanged(mine, other), to.exchanged(other, mine));
    if (after >= from.seconds() * (1 - 1e-9)) {
      return false;
    }
    from.remove(mine);
    to.remove(other);
    from.add(other);
    to.add(mine);
    return true;
  }

  private static List<UnitCost> longest(ShardLoad load) {
    return load.units.stream()
        .sorted(Comparator.comparingDouble(UnitCost::seconds).reversed())
        .limit(TRIED)
        .toList();
  }

  private ShardPlan plan(List<ShardMachine> machines) {
    var shards = new HashMap<String, Integer>();
    for (int i = 0; i < loads.size(); i++) {
      for (UnitCost unit : loads.get(i).units) {
        shards.put(unit.key(), i);
      }
    }
    var seconds = new ArrayList<Double>();
    loads.forEach(load -> seconds.add(load.seconds()));
    return new ShardPlan(machines, shards, seconds);
  }
}
