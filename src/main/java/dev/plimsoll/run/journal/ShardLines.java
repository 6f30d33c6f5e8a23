package dev.plimsoll.run.journal;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.report.json.RunJson;
import dev.plimsoll.run.plan.Digest;
import dev.plimsoll.run.plan.ShardChoice;
import dev.plimsoll.shard.Manifest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The lines that the record of a shard has beside those of a journal.
final class ShardLines {
  static final int SCHEMA = 1;

  /// Ids on one line: it stays far below what a reader accepts.
  private static final int CHUNK = 500;

  private ShardLines() {}

  static Map<String, Object> header(ShardChoice shard, String run, Machine machine) {
    var line = new LinkedHashMap<String, Object>();
    line.put("event", "shard");
    line.put("schema", SCHEMA);
    line.put("shard", shard.index() + 1);
    line.put("of", shard.plan().size());
    line.put("plan", shard.digest());
    line.put("run", run);
    line.put("machine", RunJson.machine(machine));
    return line;
  }

  static Map<String, Object> environment(Map<String, String> versions) {
    return Map.of("event", "environment", "versions", versions);
  }

  /// The digest of the collection.
  static Map<String, Object> digest(Manifest manifest) {
    return Map.of("event", "manifest", "digest", Digest.of(manifest.canonical()));
  }

  /// The tests: those with all but the id in common on one line.
  static List<Map<String, Object>> tests(Manifest manifest) {
    var lines = new ArrayList<Map<String, Object>>();
    var alike = new LinkedHashMap<Manifest.Entry, List<String>>();
    for (Manifest.Entry test : manifest.tests().values()) {
      alike
          .computeIfAbsent(
              new Manifest.Entry("", test.path(), test.group(), test.unit(), test.declared()),
              _ -> new ArrayList<>())
          .add(test.id());
    }
    alike.forEach((entry, ids) -> {
      for (int at = 0; at < ids.size(); at += CHUNK) {
        lines.add(tests(entry, ids.subList(at, Math.min(ids.size(), at + CHUNK))));
      }
    });
    return lines;
  }

  private static Map<String, Object> tests(Manifest.Entry entry, List<String> ids) {
    var line = new LinkedHashMap<String, Object>();
    line.put("event", "tests");
    line.put("path", entry.path());
    line.put("group", entry.group());
    line.put("unit", entry.unit());
    line.put("declared", entry.declared().value());
    line.put("ids", ids);
    return line;
  }

  /// Read the tests of one such line.
  static List<Manifest.Entry> readTests(Fields line) {
    return line.map().get("ids") instanceof List<?> ids
        ? ids.stream()
            .map(id ->
                new Manifest.Entry(
                    String.valueOf(id),
                    line.text("path"),
                    line.text("group"),
                    line.text("unit"),
                    Bytes.of(line.number("declared"))))
            .toList()
        : List.of();
  }

  /// The run without its tests, which have lines of their own.
  static Map<String, Object> summary(RunSummary run) {
    var tree = new LinkedHashMap<>(RunJson.tree(run));
    tree.put("tests", List.of());
    return Map.of("event", "summary", "run", tree);
  }
}
