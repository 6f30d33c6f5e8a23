package dev.plimsoll.run.plan;

import dev.plimsoll.shard.Manifest;
import dev.plimsoll.shard.ShardPlan;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The one shard of a suite that a run is for.
///
/// @param index its place in the plan, from 0
/// @param digest of the plan's file, so that shards of different plans are not merged
/// @param records folder for what the run leaves to be merged
public record ShardChoice(int index, ShardPlan plan, String digest, Path records) {
  /// As on the command line: `2/4`.
  public String name() {
    return (index + 1) + "/" + plan.size();
  }

  /// The file of a run's record, without its suffix.
  public Path file(String run) {
    return records.resolve("shard-%d-of-%d.%s".formatted(index + 1, plan.size(), run));
  }

  /// The ids of the tests that it runs.
  public Set<String> tests(Manifest manifest) {
    return manifest.shards(plan).entrySet().stream()
        .filter(test -> test.getValue() == index)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }
}
