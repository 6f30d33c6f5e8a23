package dev.plimsoll.board;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;

/// Cuts a collection into bundles: neighboring units of one file and group, about a second of
/// expected work, or one larger unit. A unit is never divided.
public final class Bundles {
  private static final long MICROS = 1_000_000;

  private Bundles() {}

  /// A test to be cut.
  ///
  /// @param key what keeps it together with others; its id when it is free
  public record Test(String key, String path, int group, long peak, long micros) {}

  /// The bundles of all tests, whose numbers are their places in the list.
  public static List<Bundle> cut(List<Test> tests) {
    var units = new LinkedHashMap<String, List<Integer>>();
    for (int i = 0; i < tests.size(); i++) {
      Test test = tests.get(i);
      units.computeIfAbsent(test.group() + "\0" + test.key(), _ -> new ArrayList<>()).add(i);
    }
    var sorted = new ArrayList<>(units.values());
    sorted.sort(
        Comparator.comparingInt((List<Integer> unit) -> tests.get(unit.getFirst()).group())
            .thenComparing(unit -> tests.get(unit.getFirst()).path()));
    var bundles = new ArrayList<Bundle>();
    Bundle open = null;
    String path = "";
    for (List<Integer> unit : sorted) {
      Bundle next = bundle(tests, unit);
      String its = tests.get(unit.getFirst()).path();
      if (open != null && path.equals(its) && fit(open, next)) {
        open = joined(open, next);
      } else {
        if (open != null) {
          bundles.add(open);
        }
        open = next;
        path = its;
      }
    }
    if (open != null) {
      bundles.add(open);
    }
    return bundles;
  }

  private static Bundle bundle(List<Test> tests, List<Integer> unit) {
    long peak = unit.stream().mapToLong(test -> tests.get(test).peak()).max().orElse(0);
    long micros = unit.stream().mapToLong(test -> Math.max(1, tests.get(test).micros())).sum();
    return new Bundle(tests.get(unit.getFirst()).group(), peak, micros, unit);
  }

  /// Whether they are short together, and need machines of the same size.
  private static boolean fit(Bundle one, Bundle other) {
    return one.group() == other.group()
        && one.sizeClass() == other.sizeClass()
        && one.micros() + other.micros() <= MICROS;
  }

  private static Bundle joined(Bundle one, Bundle other) {
    var tests = new ArrayList<>(one.tests());
    tests.addAll(other.tests());
    return new Bundle(
        one.group(), Math.max(one.peak(), other.peak()), one.micros() + other.micros(), tests);
  }
}
