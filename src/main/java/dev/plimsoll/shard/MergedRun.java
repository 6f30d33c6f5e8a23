package dev.plimsoll.shard;

import dev.plimsoll.model.RunSummary;
import java.util.List;

/// The run that all shards together made.
///
/// @param notes what the user should know: attempts that do not count
/// @param runs the runs of the shards that count
/// @param warnings what it should check: records that do not count
/// @param missing why tests have no result, one line for each shard that lacks some
public record MergedRun(
    RunSummary summary,
    List<String> runs,
    List<String> notes,
    List<String> warnings,
    List<String> missing) {
  public MergedRun {
    runs = List.copyOf(runs);
    notes = List.copyOf(notes);
    warnings = List.copyOf(warnings);
    missing = List.copyOf(missing);
  }
}
