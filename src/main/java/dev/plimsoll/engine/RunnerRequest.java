package dev.plimsoll.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// What a runner is asked to do.
///
/// @param run the run's id, put into the environment of every process
/// @param stage name of the stage, which stands as the tests' group
/// @param root the project's folder: paths of tests are told relative to it
/// @param folder working folder of the runner
/// @param workers how many tests may run at the same time
/// @param env added to the environment
/// @param limit time limit of the whole stage, zero for none
/// @param outputs folder for what the runner prints
public record RunnerRequest(
    String run,
    String stage,
    Path root,
    Path folder,
    int workers,
    Map<String, String> env,
    Duration limit,
    Path outputs) {
  public RunnerRequest {
    env = Map.copyOf(env);
    if (workers < 1) {
      throw new IllegalArgumentException("workers: " + workers);
    }
  }

  /// File that keeps what the runner prints.
  public Path output() {
    return outputs.resolve(stage + ".log");
  }
}
