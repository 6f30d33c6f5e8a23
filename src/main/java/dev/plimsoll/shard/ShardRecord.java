package dev.plimsoll.shard;

import dev.plimsoll.model.Machine;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;

/// What one attempt to run a shard left behind.
///
/// @param file where it was found, for messages
/// @param run id of its run
/// @param index the shard, from 0
/// @param of how many shards its plan had
/// @param plan digest of its plan
/// @param environment versions of Python, pytest and its plugins; empty when it ended earlier
/// @param manifest the tests of all shards; empty when it ended before they were collected
/// @param results by test id
/// @param summary the run without its tests; empty when it did not come to its end
public record ShardRecord(
    String file,
    String run,
    Instant start,
    int index,
    int of,
    String plan,
    Machine machine,
    Map<String, String> environment,
    Optional<Manifest> manifest,
    Map<String, TestResult> results,
    Optional<RunSummary> summary) {
  public ShardRecord {
    environment = Map.copyOf(environment);
    results = Collections.unmodifiableMap(results);
  }

  /// As users count.
  int number() {
    return index + 1;
  }
}
