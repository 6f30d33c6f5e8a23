package dev.plimsoll.run.plan;

import dev.plimsoll.model.RunEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// How many workers a group or a stage gets, and why.
///
/// @param source where the number comes from, in words: `calibrated on this machine on 2026-11-25`,
///   `plimsoll.toml:7`, `--workers` or `safe start`
/// @param below the option that allows more, when the number has another source; else empty
/// @param warning what speaks against the number, empty when nothing does
/// @param cores how many cores its running tests may keep busy before no further one starts;
///   infinite unless the number is above the cores because the tests wait
public record WorkerCount(int value, String source, String below, String warning, double cores) {
  public WorkerCount(int value, String source) {
    this(value, source, "");
  }

  public WorkerCount(int value, String source, String warning) {
    this(value, source, "", warning, Double.POSITIVE_INFINITY);
  }

  /// The same number, of which this option allows more.
  WorkerCount below(String option) {
    return new WorkerCount(value, source, option, warning, cores);
  }

  /// Where the number comes from, and what allows more.
  public String reason() {
    return below.isEmpty() ? source : source + ", below " + below;
  }

  /// What a run says about its numbers, the names of groups or stages as keys: all of them on one
  /// line, then what speaks against some.
  public static List<RunEvent.Note> notes(Map<String, WorkerCount> counts, Instant at) {
    var notes = new ArrayList<RunEvent.Note>();
    String all =
        counts.entrySet().stream()
            .map(e -> e.getKey() + " " + e.getValue().value() + " (" + e.getValue().reason() + ")")
            .collect(Collectors.joining(", "));
    notes.add(new RunEvent.Note(at, RunEvent.Level.INFO, "workers: " + all));
    for (WorkerCount count : counts.values()) {
      if (!count.warning().isEmpty()) {
        notes.add(new RunEvent.Note(at, RunEvent.Level.WARNING, count.warning()));
      }
    }
    return notes;
  }
}
