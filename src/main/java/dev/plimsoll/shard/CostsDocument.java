package dev.plimsoll.shard;

import dev.plimsoll.estimate.TestCost;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What `plimsoll history export` writes, as a tree for a JSON writer, and back.
public final class CostsDocument {
  private static final int SCHEMA = 1;

  private CostsDocument() {}

  public static Map<String, Object> tree(List<TestCost> tests) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("schema", SCHEMA);
    tree.put("kind", "plimsoll history");
    tree.put("tests", tests.stream().map(CostsDocument::test).toList());
    return tree;
  }

  private static Map<String, Object> test(TestCost test) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("id", test.id());
    tree.put("unit", test.unit());
    tree.put("group", test.group());
    tree.put("seconds", test.time().toNanos() / 1e9);
    tree.put("peakBytes", test.peak().value());
    return tree;
  }

  /// Read an exported history.
  ///
  /// @param name the file, for the error
  /// @throws UserError when it is something else
  public static List<TestCost> read(Object document, String name) {
    var tests = new ArrayList<TestCost>();
    try {
      Tree tree = new Tree(document);
      tree.require("plimsoll history", SCHEMA);
      for (Tree test : tree.list("tests")) {
        tests.add(
            new TestCost(
                test.text("id"),
                test.text("unit"),
                test.text("group"),
                Duration.ofNanos(Math.round(test.amount("seconds") * 1e9)),
                Bytes.of((long) test.amount("peakBytes"))));
      }
    } catch (Tree.WrongForm e) {
      throw new UserError(
          "`" + name + "` is not an exported history",
          String.valueOf(e.getMessage()),
          "`plimsoll history export` writes one",
          ExitCode.CONFIG);
    }
    return tests;
  }
}
