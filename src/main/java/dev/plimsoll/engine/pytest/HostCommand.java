package dev.plimsoll.engine.pytest;

import java.util.List;

/// What Plimsoll asks of the pytest host: the messages `toHost` of `protocol.json`. Items are
/// indexes of tests in the host's collection.
sealed interface HostCommand {
  record Start(int worker, int count, boolean isolated) implements HostCommand {}

  /// Run tests.
  ///
  /// @param repeat those of them that run again if they fail
  record Run(int worker, List<Integer> items, List<Integer> repeat) implements HostCommand {}

  record Drop(int worker) implements HostCommand {}

  record Retire(int worker) implements HostCommand {}

  record Kill(int worker, int item, int signal) implements HostCommand {}

  /// Write the stacks.
  ///
  /// @param item `HostMessage.NONE` for a worker that runs no test
  record Dump(int worker, int item, String text) implements HostCommand {}

  record Spawn() implements HostCommand {}

  record Crashed(int worker, int item, String text) implements HostCommand {}

  record Finish() implements HostCommand {}

  record Abort(String reason) implements HostCommand {}
}
