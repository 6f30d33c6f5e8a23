package dev.plimsoll.run.chain;

import dev.plimsoll.engine.RunnerResult;
import dev.plimsoll.memory.TreeMemory.Reading;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.stages.Ending;
import dev.plimsoll.stages.Stage;
import java.util.Optional;

/// What became of one stage.
///
/// @param workers how many tests ran at once
/// @param result what its runner told; empty when it did not run, or ended by an error
/// @param peak peak memory of its process tree, the server under test not counted
/// @param machinePeak the highest use of the whole machine's memory meanwhile
public record StageResult(
    Stage stage,
    Ending ending,
    int workers,
    Optional<RunnerResult> result,
    Reading peak,
    Bytes machinePeak) {
  /// A stage that ran to some end.
  public static StageResult of(Stage stage, int workers, StageSession.Ran ran) {
    Ending ending =
        ran.result().exitCode() == ExitCode.OK
            ? new Ending.Succeeded()
            : new Ending.Failed(why(stage, ran.result()));
    return new StageResult(
        stage, ending, workers, Optional.of(ran.result()), ran.peak(), ran.machinePeak());
  }

  /// A stage that did not run, or whose runner told nothing.
  static StageResult without(Stage stage, int workers, Ending ending) {
    return new StageResult(stage, ending, workers, Optional.empty(), Reading.NONE, Bytes.ZERO);
  }

  private static String why(Stage stage, RunnerResult result) {
    long red = result.results().stream().filter(test -> test.outcome().isRed()).count();
    if (!result.halted().isEmpty()) {
      return result.halted();
    }
    if (result.results().stream().anyMatch(test -> test.id().equals(stage.name()))) {
      return "exit code " + result.status();
    }
    if (red > 0) {
      return red == 1 ? "1 test failed" : red + " tests failed";
    }
    if (result.exitCode() == ExitCode.NO_TESTS) {
      return "no tests matched";
    }
    return result.problems().isEmpty()
        ? "exit code " + result.status()
        : result.problems().getFirst().lines().findFirst().orElse("");
  }
}
