package dev.plimsoll.shard;

import dev.plimsoll.model.Bytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// The collected tests of a suite, of all shards: the same on every machine that runs one.
///
/// @param tests by id, in the order of the collection
public record Manifest(Map<String, Entry> tests) {
  public static final Manifest EMPTY = new Manifest(Map.of());

  /// How many differences an error shows.
  private static final int SHOWN = 3;

  /// A collected test.
  ///
  /// @param unit what keeps it together with others, empty when it is free
  /// @param declared memory that it declares to need, zero when it declares nothing
  public record Entry(String id, String path, String group, String unit, Bytes declared) {
    public String key() {
      return UnitCost.key(id, unit);
    }
  }

  public Manifest {
    tests = Collections.unmodifiableMap(tests);
  }

  public static Manifest of(List<Entry> entries) {
    var tests = new LinkedHashMap<String, Entry>();
    entries.forEach(entry -> tests.putIfAbsent(entry.id(), entry));
    return new Manifest(tests);
  }

  /// The index of each test's shard, by its id. A unit needs what its largest test declares.
  public Map<String, Integer> shards(ShardPlan plan) {
    var declared = new LinkedHashMap<String, Bytes>();
    tests.values().forEach(test -> declared.merge(test.key(), test.declared(), Bytes::max));
    var units = new LinkedHashMap<String, Integer>();
    declared.forEach((key, peak) -> units.put(key, plan.shardOf(key, peak)));
    var shards = new LinkedHashMap<String, Integer>();
    tests.values().forEach(test -> shards.put(test.id(), units.getOrDefault(test.key(), 0)));
    return shards;
  }

  /// The tests in an order that does not depend on the collection.
  public List<Entry> sorted() {
    return tests.values().stream().sorted(Comparator.comparing(Entry::id)).toList();
  }

  /// A text that two collections share only when they have the same tests in the same units,
  /// whatever their order.
  public String canonical() {
    var lines = new TreeSet<String>();
    tests
        .values()
        .forEach(test -> lines.add(test.key() + "\0" + test.id() + "\0" + test.declared().value()));
    return String.join("\n", lines);
  }

  /// How another collection differs, in a few words; empty when it does not.
  public List<String> differences(Manifest other) {
    var differences = new ArrayList<String>();
    add(differences, "only in the first: ", tests, other.tests);
    add(differences, "only in the second: ", other.tests, tests);
    tests.values().stream()
        .filter(test -> other.tests.containsKey(test.id()))
        .filter(test -> !test.key().equals(other.tests.getOrDefault(test.id(), test).key()))
        .limit(SHOWN)
        .forEach(test -> differences.add("in another unit: " + test.id()));
    return differences;
  }

  private static void add(
      List<String> differences, String what, Map<String, Entry> mine, Map<String, Entry> theirs) {
    List<String> missing = mine.keySet().stream().filter(id -> !theirs.containsKey(id)).toList();
    missing.stream().limit(SHOWN).forEach(id -> differences.add(what + id));
    if (missing.size() > SHOWN) {
      differences.add(what + "and " + (missing.size() - SHOWN) + " more tests");
    }
  }
}
