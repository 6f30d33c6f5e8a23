package dev.plimsoll.calibrate;

import dev.plimsoll.calibrate.choice.MemoryUse;
import dev.plimsoll.model.Outcome;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// One run of a calibration with what is needed to judge it later.
///
/// @param run id of the run, empty when it has none
/// @param tests number of tests, 0 when the runner does not name its tests
/// @param unusual outcome of every test that did not pass
/// @param troubles what went wrong beside failing tests, in words: OOM, SIGKILL, an exit code
/// @param clashes company of the failed tests, as far as it is known
public record Trial(
    String run,
    int workers,
    Duration time,
    int tests,
    Map<String, Outcome> unusual,
    List<String> troubles,
    MemoryUse memory,
    Background background,
    List<Clash> clashes) {
  public Trial {
    if (workers < 1) {
      throw new IllegalArgumentException("workers: " + workers);
    }
    unusual = Collections.unmodifiableMap(new TreeMap<>(unusual));
    troubles = List.copyOf(troubles);
    clashes = List.copyOf(clashes);
  }

  /// Outcome of a test of this run; a test that is not unusual passed.
  Outcome outcome(String test) {
    return unusual.getOrDefault(test, Outcome.PASSED);
  }

  /// Tests that failed, crashed or ended in an error.
  public List<String> failed() {
    return unusual.entrySet().stream()
        .filter(entry -> entry.getValue().isRed())
        .map(Map.Entry::getKey)
        .toList();
  }
}
