package dev.plimsoll.shard;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The units that a machine has so far, and how long it will take.
///
/// Its groups run one after another. None ends before its workers have done the time of all its
/// units, before its longest unit has ended, and before the memory, held for as long as each test
/// takes, has fitted the budget.
final class ShardLoad {
  private final ShardMachine machine;
  private final Map<String, GroupLoad> groups = new HashMap<>();
  final List<UnitCost> units = new ArrayList<>();
  private double seconds;

  ShardLoad(ShardMachine machine) {
    this.machine = machine;
  }

  /// The sums of a group, and its two longest units: one of them may leave.
  private static final class GroupLoad {
    private double seconds;
    private double byteSeconds;
    private double longest;
    private double second;

    void add(UnitCost unit) {
      seconds += unit.seconds();
      byteSeconds += unit.byteSeconds();
      second = Math.max(second, Math.min(longest, unit.seconds()));
      longest = Math.max(longest, unit.seconds());
    }

    double longestWithout(UnitCost unit) {
      return longest > unit.seconds() ? longest : second;
    }
  }

  ShardMachine machine() {
    return machine;
  }

  /// Expected seconds of the whole shard.
  double seconds() {
    return seconds;
  }

  /// What {@link #seconds()} would be with one unit more.
  double with(UnitCost unit) {
    return changed(unit, 1);
  }

  /// What it would be without one of its units.
  double without(UnitCost unit) {
    return changed(unit, -1);
  }

  private double changed(UnitCost unit, int sign) {
    GroupLoad group = groups.getOrDefault(unit.group(), new GroupLoad());
    return seconds
        - time(unit.group(), group)
        + time(
            unit.group(),
            group.seconds + sign * unit.seconds(),
            group.byteSeconds + sign * unit.byteSeconds(),
            sign > 0 ? Math.max(group.longest, unit.seconds()) : group.longestWithout(unit));
  }

  /// What it would be with one unit in place of another.
  double exchanged(UnitCost out, UnitCost in) {
    if (!out.group().equals(in.group())) {
      return without(out) + with(in) - seconds;
    }
    GroupLoad group = groups.getOrDefault(out.group(), new GroupLoad());
    return seconds
        - time(out.group(), group)
        + time(
            out.group(),
            group.seconds - out.seconds() + in.seconds(),
            group.byteSeconds - out.byteSeconds() + in.byteSeconds(),
            Math.max(group.longestWithout(out), in.seconds()));
  }

  void add(UnitCost unit) {
    units.add(unit);
    seconds = with(unit);
    groups.computeIfAbsent(unit.group(), _ -> new GroupLoad()).add(unit);
  }

  void remove(UnitCost unit) {
    units.remove(unit);
    var rest = new GroupLoad();
    units.stream().filter(left -> left.group().equals(unit.group())).forEach(rest::add);
    groups.put(unit.group(), rest);
    seconds = groups.entrySet().stream().mapToDouble(e -> time(e.getKey(), e.getValue())).sum();
  }

  private double time(String group, GroupLoad load) {
    return time(group, load.seconds, load.byteSeconds, load.longest);
  }

  private double time(String group, double work, double byteSeconds, double longest) {
    double memory = byteSeconds / Math.max(1, machine.budget().value());
    double time = Math.max(work / machine.workers(group), memory);
    return Math.max(time, longest) / machine.speed();
  }
}
