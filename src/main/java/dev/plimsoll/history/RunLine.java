package dev.plimsoll.history;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// One run in the list of runs.
///
/// @param finished false while the run goes on, and for one that was killed
/// @param machine where it ran
/// @param counts tests by outcome, as far as recorded; outcomes without tests are left out
public record RunLine(
    String id,
    Instant start,
    Duration duration,
    boolean finished,
    String command,
    String engine,
    String mode,
    Map<String, Integer> workers,
    Machine machine,
    Map<Outcome, Integer> counts,
    Bytes peak,
    PeakSource source,
    int exitCode) {
  public RunLine {
    workers = Collections.unmodifiableMap(new LinkedHashMap<>(workers));
    var ordered = new EnumMap<Outcome, Integer>(Outcome.class);
    ordered.putAll(counts);
    counts = Collections.unmodifiableMap(ordered);
  }
}
