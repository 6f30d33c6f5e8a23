package dev.plimsoll.shard;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A plan as a tree for a JSON writer, and back. Shards are numbered from 1 there.
public final class PlanDocument {
  private static final int SCHEMA = 1;

  private PlanDocument() {}

  public static Map<String, Object> tree(ShardPlan plan) {
    var shards = new ArrayList<Map<String, Object>>();
    for (int i = 0; i < plan.size(); i++) {
      shards.add(shard(i, plan));
    }
    var units = new TreeMap<String, Object>();
    plan.shards().forEach((key, shard) -> units.put(key, shard + 1));
    var tree = new LinkedHashMap<String, Object>();
    tree.put("schema", SCHEMA);
    tree.put("kind", "plimsoll plan");
    tree.put("shards", shards);
    tree.put("units", units);
    return tree;
  }

  private static Map<String, Object> shard(int index, ShardPlan plan) {
    ShardMachine machine = plan.machines().get(index);
    var tree = new LinkedHashMap<String, Object>();
    tree.put("shard", index + 1);
    tree.put("machine", machine.name());
    tree.put("budgetBytes", machine.budget().value());
    tree.put("speed", machine.speed());
    tree.put("workers", new TreeMap<>(machine.workers()));
    tree.put("seconds", Math.round(plan.seconds().get(index) * 1e3) / 1e3);
    return tree;
  }

  /// Read a plan.
  ///
  /// @param name the file, for the error
  /// @throws UserError when it is something else
  public static ShardPlan read(Object document, String name) {
    try {
      Tree tree = new Tree(document);
      tree.require("plimsoll plan", SCHEMA);
      var machines = new ArrayList<ShardMachine>();
      var seconds = new ArrayList<Double>();
      for (Tree shard : tree.list("shards")) {
        machines.add(machine(shard));
        seconds.add(shard.amount("seconds"));
      }
      return new ShardPlan(machines, units(tree, machines), seconds);
    } catch (Tree.WrongForm | IllegalArgumentException e) {
      throw new UserError(
          "`" + name + "` is not a plan",
          String.valueOf(e.getMessage()),
          "`plimsoll plan --output FILE` writes one",
          ExitCode.CONFIG);
    }
  }

  private static ShardMachine machine(Tree shard) {
    return new ShardMachine(
        shard.text("machine"),
        Bytes.of((long) shard.amount("budgetBytes")),
        shard.amount("speed"),
        shard.counts("workers"));
  }

  private static Map<String, Integer> units(Tree tree, List<ShardMachine> machines) {
    var units = new LinkedHashMap<String, Integer>();
    tree.counts("units")
        .forEach((key, shard) -> {
          if (shard < 1 || shard > machines.size()) {
            throw new Tree.WrongForm("there is no shard " + shard);
          }
          units.put(key, shard - 1);
        });
    return units;
  }
}
