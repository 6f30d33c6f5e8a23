package dev.plimsoll.run.plan;

import dev.plimsoll.config.Config;
import dev.plimsoll.config.Entry;
import dev.plimsoll.engine.pytest.ChosenPython;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The options of the user.
///
/// @param folder where pytest is started
/// @param groups names of the groups to run, empty for all
/// @param arguments what pytest is given: paths, node ids and its own options
/// @param environment variables for the tests, added to the inherited ones
/// @param workers how many workers a group gets
/// @param sequence node ids of the only tests to run, one after the other in one worker; empty for
///   all
/// @param command the arguments of `plimsoll`, for people
/// @param shard the shard that runs; empty when all tests do
/// @param board URL of the board whose tests run; empty when there is none
public record RunRequest(
    Config config,
    ChosenPython python,
    Path folder,
    List<String> groups,
    List<String> arguments,
    Map<String, String> environment,
    Function<Entry, WorkerCount> workers,
    boolean oversize,
    List<String> sequence,
    String command,
    Optional<ShardChoice> shard,
    Optional<String> board) {
  public RunRequest {
    groups = List.copyOf(groups);
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
    sequence = List.copyOf(sequence);
  }

  /// Whether an argument names a test file, folder or node id.
  public boolean hasPaths() {
    return arguments.stream()
        .filter(argument -> !argument.startsWith("-"))
        .anyMatch(argument -> folder.resolve(argument.split("::", 2)[0]).toFile().exists());
  }
}
