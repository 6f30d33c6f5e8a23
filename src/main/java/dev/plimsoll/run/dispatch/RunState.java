package dev.plimsoll.run.dispatch;

import dev.plimsoll.engine.pytest.HostMessage;
import dev.plimsoll.model.UserError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a run stands, and how it ended.
final class RunState {
  HostMessage.@Nullable Hello hello;
  String engine = "";

  /// Number of tests that are to run, -1 before the collection is complete.
  int collected = -1;

  /// pytest's exit status, -1 before it said it.
  int status = -1;

  /// Whether a hook of the project chose that status, which then counts as it is.
  boolean statusIsChosen;

  /// Exit status of the host's process.
  int processStatus = -1;

  boolean exited;

  /// The last line that pytest's process printed before it could say anything else.
  String lastLine = "";

  /// Why no further test starts, empty while they may.
  String stop = "";

  int interrupts;

  /// Why nothing could run.
  @Nullable UserError refused;

  /// Whether the workers could not do their work.
  boolean broken;

  /// Whether workers are processes of their own from now on, although the run began with forks.
  boolean spawns;

  boolean collectionFailed;

  /// Whether pytest was only asked which tests there are.
  boolean collectsOnly;

  final List<String> evidence = new ArrayList<>();

  String notRunReason() {
    if (!stop.isEmpty()) {
      return stop;
    }
    if (collectsOnly) {
      return "only collected";
    }
    return collectionFailed ? "the collection failed" : "the run ended before it";
  }
}
