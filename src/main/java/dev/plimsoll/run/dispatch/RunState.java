package dev.plimsoll.run.dispatch;

import dev.plimsoll.engine.pytest.HostMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a session stands.
final class RunState {
  HostMessage.@Nullable Hello hello;

  /// The engine that runs the tests, empty before the collection is complete.
  String engine = "";

  /// Number of tests that are to run, -1 before the collection is complete.
  int collected = -1;

  /// How it ended, null while it runs.
  @Nullable SessionEnd end;

  /// Why no further test starts, empty while they may.
  String stop = "";

  int interrupts;

  /// Whether workers are processes of their own from now on, although the run began with forks.
  boolean spawns;

  final StartTimes starts = new StartTimes();

  boolean collectionFailed;

  /// Whether the suite has tests, though this shard of it may have none.
  boolean sharded;

  /// Whether pytest was only asked which tests there are.
  boolean collectsOnly;

  final List<String> evidence = new ArrayList<>();
  List<String> unlisted = List.of();

  String notRunReason() {
    if (!stop.isEmpty()) {
      return stop;
    }
    if (collectsOnly) {
      return "only collected";
    }
    return collectionFailed ? "the collection failed" : "the run ended first";
  }
}
