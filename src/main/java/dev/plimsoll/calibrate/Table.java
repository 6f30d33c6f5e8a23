package dev.plimsoll.calibrate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Measurements of several suites, in the order they are listed.
public record Table(Map<String, List<Measurement>> suites) {
  public Table {
    suites = Collections.unmodifiableMap(new LinkedHashMap<>(suites));
  }
}
