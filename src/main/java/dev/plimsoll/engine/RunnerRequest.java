package dev.plimsoll.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// What a runner is asked to do.
///
/// @param run the run's id, put into the environment of every process
/// @param stage name of the stage, which stands as the tests' group
/// @param root the project's directory; paths of tests are relative to it
/// @param folder working folder of the runner
/// @param workers how many tests may run at the same time
/// @param env added to the environment
/// @param limit time limit of the whole stage, zero for none
/// @param outputs folder for what the runner prints
/// @param care what its surroundings do for it
public record RunnerRequest(
    String run,
    String stage,
    Path root,
    Path folder,
    int workers,
    Map<String, String> env,
    Duration limit,
    Path outputs,
    Care care) {
  public RunnerRequest {
    env = Map.copyOf(env);
    if (workers < 1) {
      throw new IllegalArgumentException("workers: " + workers);
    }
  }

  /// A request without any care.
  public RunnerRequest(
      String run,
      String stage,
      Path root,
      Path folder,
      int workers,
      Map<String, String> env,
      Duration limit,
      Path outputs) {
    this(run, stage, root, folder, workers, env, limit, outputs, Care.NONE);
  }

  /// What the surroundings of a runner do for it.
  ///
  /// @param stall how long no test may begin or end, zero for as long as it likes
  /// @param wrap makes the command line that starts a command where it can be contained
  /// @param observer what is seen of its tests
  public record Care(Duration stall, UnaryOperator<List<String>> wrap, MemoryObserver observer) {
    public static final Care NONE =
        new Care(Duration.ZERO, UnaryOperator.identity(), MemoryObserver.NONE);
  }

  /// The same for tests that run again, one at a time.
  public RunnerRequest alone() {
    return new RunnerRequest(run, stage + "-alone", root, folder, 1, env, limit, outputs, care);
  }

  /// File that keeps what the runner prints.
  public Path output() {
    return outputs.resolve(stage + ".log");
  }
}
