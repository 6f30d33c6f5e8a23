package dev.plimsoll.run.chain;

import dev.plimsoll.engine.RunnerResult;
import dev.plimsoll.memory.TreeMemory.Reading;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.Part;
import dev.plimsoll.model.UserError;
import dev.plimsoll.stages.Stage;
import dev.plimsoll.stages.StageEnd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What became of one stage.
///
/// @param workers how many tests ran at once
/// @param result what its runner told; empty when it did not run, or ended by an error
/// @param peak peak memory of its process tree, the server under test not counted
/// @param machinePeak the highest use of the whole machine's memory meanwhile
/// @param evidence facts about deaths for which memory was, or may have been, the reason
public record StageResult(
    Stage stage,
    StageEnd ending,
    int workers,
    Optional<RunnerResult> result,
    Reading peak,
    Bytes machinePeak,
    List<String> evidence) {
  /// A stage that ran to some end.
  public static StageResult of(Stage stage, int workers, StageSession.Ran ran) {
    StageEnd ending =
        ran.death().isEmpty() && ran.result().exitCode() == ExitCode.OK
            ? new StageEnd.Succeeded()
            : new StageEnd.Failed(
                ran.death().map(UserError::what).orElseGet(() -> why(stage, ran.result())));
    return new StageResult(
        stage,
        ending,
        workers,
        Optional.of(ran.result()),
        ran.peak(),
        ran.machinePeak(),
        ran.evidence());
  }

  /// A stage that did not run, or whose runner told nothing.
  static StageResult without(Stage stage, int workers, StageEnd ending) {
    return new StageResult(
        stage, ending, workers, Optional.empty(), Reading.NONE, Bytes.ZERO, List.of());
  }

  /// The stage as a part of its run.
  Part part() {
    String words =
        switch (ending) {
          case StageEnd.Succeeded _ -> "passed" + counts();
          case StageEnd.Failed(String why) -> "failed: " + why + counts();
          case StageEnd.NotRun(String why) -> "not run: " + why;
        };
    return new Part(
        stage.name(),
        words,
        result.isPresent() ? workers : 0,
        result.map(RunnerResult::duration).orElse(Duration.ZERO),
        peak.size(),
        peak.source());
  }

  /// How the tests ended, for stages that tell of single tests.
  private String counts() {
    List<String> counts = new ArrayList<>();
    result
        .filter(known -> known.results().stream().noneMatch(test -> test.id().equals(stage.name())))
        .ifPresent(known -> {
          for (Outcome outcome : Outcome.values()) {
            if (known.count(outcome) > 0) {
              counts.add(known.count(outcome) + " " + outcome.word());
            }
          }
        });
    return counts.isEmpty() ? "" : " (" + String.join(", ", counts) + ")";
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
