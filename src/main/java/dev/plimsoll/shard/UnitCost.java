package dev.plimsoll.shard;

import dev.plimsoll.estimate.TestCost;
import dev.plimsoll.model.Bytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// What a unit takes: tests that stay together on one machine.
///
/// @param key see {@link #key}
/// @param seconds of all its tests, one after another
/// @param byteSeconds the sum of the products of each test's peak and time
/// @param peak the largest expected peak among its tests
record UnitCost(String key, String group, double seconds, double byteSeconds, Bytes peak) {
  /// What the plan knows a test's unit by: the unit's name, or the id of a test that is free.
  static String key(String id, String unit) {
    return unit.isEmpty() ? id : unit;
  }

  /// The units of these tests, in the order of their first tests.
  static List<UnitCost> of(List<TestCost> tests) {
    var units = new LinkedHashMap<String, UnitCost>();
    for (TestCost test : tests) {
      double seconds = test.time().toNanos() / 1e9;
      units.merge(
          key(test.id(), test.unit()),
          new UnitCost(
              key(test.id(), test.unit()),
              test.group(),
              seconds,
              seconds * test.peak().value(),
              test.peak()),
          UnitCost::plus);
    }
    return new ArrayList<>(units.values());
  }

  private UnitCost plus(UnitCost other) {
    return new UnitCost(
        key, group, seconds + other.seconds, byteSeconds + other.byteSeconds, peak.max(other.peak));
  }
}
