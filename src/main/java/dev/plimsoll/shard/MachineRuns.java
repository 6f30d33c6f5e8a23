package dev.plimsoll.shard;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.RamAfter;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The runs of several machines that ran one suite.
///
/// @param machine the first of them
/// @param start when the first began
/// @param ended those that came to their end, without their tests
public record MachineRuns(Machine machine, Instant start, List<RunSummary> ended) {
  public MachineRuns {
    ended = List.copyOf(ended);
  }

  /// One run with these results.
  ///
  /// @param incomplete whether a part of the run is missing
  public RunSummary together(
      String name, String command, List<TestResult> results, boolean incomplete) {
    Optional<RunSummary> any = ended.stream().findFirst();
    return new RunSummary(
        name,
        command,
        any.map(RunSummary::engine).orElse(""),
        any.map(RunSummary::mode).orElse(""),
        workers(),
        machine,
        start,
        ended.stream().map(RunSummary::duration).max(Duration::compareTo).orElse(Duration.ZERO),
        results,
        largest(ended.stream().map(RunSummary::peak).toList()),
        any.map(RunSummary::source).orElse(PeakSource.NONE),
        largest(ended.stream().map(RunSummary::machinePeak).toList()),
        largest(ended.stream().map(RunSummary::budget).toList()),
        largest(ended.stream().map(RunSummary::swapBefore).toList()),
        any.map(RunSummary::after).orElse(RamAfter.UNKNOWN),
        ended.stream().flatMap(run -> run.evidence().stream()).toList(),
        interrupted(results, incomplete),
        exitCode(results, incomplete));
  }

  /// Why tests are missing; a machine that ended early when all have a result interrupted nothing.
  private String interrupted(List<TestResult> results, boolean incomplete) {
    boolean lacks = results.stream().anyMatch(result -> result.outcome() == Outcome.NOT_RUN);
    return ended.stream()
        .map(RunSummary::interrupted)
        .filter(text -> (incomplete || lacks) && !text.isEmpty())
        .findFirst()
        .orElse(incomplete ? "tests of other machines are missing" : "");
  }

  private Map<String, Integer> workers() {
    var workers = new LinkedHashMap<String, Integer>();
    ended.forEach(run -> run.workers().forEach((group, n) -> workers.merge(group, n, Math::max)));
    return workers;
  }

  private static Bytes largest(List<Bytes> sizes) {
    return sizes.stream().max(Bytes::compareTo).orElse(Bytes.ZERO);
  }

  /// 14 when a part of the run is missing, whatever else failed: nobody knows the outcome of those
  /// tests. Else the status of the machines; one that ends with another than 1 says more.
  private int exitCode(List<TestResult> results, boolean incomplete) {
    if (incomplete) {
      return ExitCode.INCOMPLETE.code();
    }
    List<Integer> codes =
        ended.stream()
            .map(RunSummary::exitCode)
            .filter(code -> code != 0 && code != ExitCode.NO_TESTS.code())
            .toList();
    if (!codes.isEmpty()) {
      return codes.stream()
          .filter(code -> code != ExitCode.TESTS_FAILED.code())
          .findFirst()
          .orElse(ExitCode.TESTS_FAILED.code());
    }
    boolean notRun = results.stream().anyMatch(result -> result.outcome() == Outcome.NOT_RUN);
    return results.isEmpty()
        ? ExitCode.NO_TESTS.code()
        : notRun ? ExitCode.INCOMPLETE.code() : ExitCode.OK.code();
  }
}
