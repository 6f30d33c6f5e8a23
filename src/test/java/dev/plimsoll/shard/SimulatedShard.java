package dev.plimsoll.shard;

import dev.plimsoll.estimate.TestCost;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/// How long a machine really takes for its units: group after group, the longest first, as many at
/// once as it has workers, and never more than its budget holds.
final class SimulatedShard {
  private final ShardMachine machine;
  private final List<UnitCost> units;

  private record Running(double end, long bytes) {}

  SimulatedShard(ShardMachine machine, List<TestCost> tests) {
    this.machine = machine;
    this.units = UnitCost.of(tests);
  }

  /// Units that the machine cannot hold.
  long tooLarge() {
    return units.stream().filter(unit -> !machine.holds(unit.peak())).count();
  }

  double seconds() {
    Map<String, List<UnitCost>> groups = new HashMap<>();
    units.forEach(unit -> groups.computeIfAbsent(unit.group(), _ -> new ArrayList<>()).add(unit));
    return groups.entrySet().stream()
        .mapToDouble(group -> seconds(group.getValue(), machine.workers(group.getKey())))
        .sum();
  }

  private double seconds(List<UnitCost> group, int workers) {
    var waiting = new ArrayList<>(group);
    waiting.sort(Comparator.comparingDouble(UnitCost::seconds).reversed());
    var running = new PriorityQueue<>(Comparator.comparingDouble(Running::end));
    double now = 0;
    long held = 0;
    while (!waiting.isEmpty()) {
      long free = machine.budget().value() - held;
      int next = running.size() == workers ? -1 : fitting(waiting, free);
      if (next < 0 && running.isEmpty()) {
        next = 0; // alone, whatever it needs
      }
      if (next < 0) {
        Running first = running.remove();
        now = first.end();
        held -= first.bytes();
      } else {
        UnitCost unit = waiting.remove(next);
        running.add(new Running(now + unit.seconds() / machine.speed(), unit.peak().value()));
        held += unit.peak().value();
      }
    }
    return Math.max(now, running.stream().mapToDouble(Running::end).max().orElse(0));
  }

  private static int fitting(List<UnitCost> waiting, long free) {
    for (int i = 0; i < Math.min(50, waiting.size()); i++) {
      if (waiting.get(i).peak().value() <= free) {
        return i;
      }
    }
    return -1;
  }
}
