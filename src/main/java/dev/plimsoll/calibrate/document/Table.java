package dev.plimsoll.calibrate.document;

import dev.plimsoll.calibrate.choice.Measurement;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/// Measurements of several suites, in the order they are listed.
///
/// @param unused keys of rows that mean nothing here
public record Table(Map<String, List<Measurement>> suites, SortedSet<String> unused) {
  public Table {
    unused = Collections.unmodifiableSortedSet(new TreeSet<>(unused));
    suites = Collections.unmodifiableMap(new LinkedHashMap<>(suites));
  }
}
