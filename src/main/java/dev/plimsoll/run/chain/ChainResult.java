package dev.plimsoll.run.chain;

import dev.plimsoll.engine.RunnerResult;
import dev.plimsoll.memory.TreeMemory.Reading;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Part;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.model.UserError;
import dev.plimsoll.stages.StageEnd;
import dev.plimsoll.stages.Work;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How a chain ended.
///
/// @param stages in their order, those that did not run included
/// @param server peak memory of the server under test and its children
/// @param error what ended the chain before its end, to be told after the stages
/// @param interrupted why it was interrupted, empty when it was not
public record ChainResult(
    List<StageResult> stages,
    Reading server,
    Optional<UserError> error,
    String interrupted,
    Duration duration) {
  public ChainResult {
    stages = List.copyOf(stages);
  }

  public List<TestResult> results() {
    return stages.stream()
        .flatMap(stage -> stage.result().stream())
        .flatMap(result -> result.results().stream())
        .toList();
  }

  /// The largest peak of a stage.
  public Reading peak() {
    return stages.stream().map(StageResult::peak).reduce(Reading.NONE, Reading::max);
  }

  /// The highest use of the whole machine's memory while a stage ran.
  public Bytes machinePeak() {
    return stages.stream().map(StageResult::machinePeak).reduce(Bytes.ZERO, Bytes::max);
  }

  /// The stages and the server under test, each with figures of its own.
  List<Part> parts() {
    var parts = new ArrayList<>(stages.stream().map(StageResult::part).toList());
    if (server.size().isPositive()) {
      parts.add(new Part("server", "under test", 0, Duration.ZERO, server.size(), server.source()));
    }
    return parts;
  }

  /// Files that were kept for failures.
  List<Path> kept() {
    return stages.stream()
        .flatMap(stage -> stage.result().stream())
        .flatMap(result -> result.artefacts().stream())
        .toList();
  }

  /// The first bad ending decides. A command that only its exit code tells of and that others wait
  /// for is a preflight.
  public ExitCode exitCode() {
    if (!interrupted.isEmpty()) {
      return ExitCode.INTERRUPTED;
    }
    if (error.isPresent()) {
      return error.get().exitCode();
    }
    return stages.stream()
        .filter(stage -> stage.ending() instanceof StageEnd.Failed)
        .findFirst()
        .map(this::exitCode)
        .orElse(ExitCode.OK);
  }

  private ExitCode exitCode(StageResult failed) {
    String name = failed.stage().name();
    boolean gate =
        failed.stage().work() instanceof Work.Command(var _, var junit) && junit.isEmpty();
    boolean awaited = stages.stream().anyMatch(stage -> stage.stage().needs().contains(name));
    return gate && awaited
        ? ExitCode.PREFLIGHT
        : failed.result().map(RunnerResult::exitCode).orElse(ExitCode.ENGINE);
  }
}
