package dev.plimsoll.run;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.model.UserError;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Runs one pytest suite from start to summary.
public final class PytestRun {
  private final RunPlan plan;
  private final MemoryWatch watch;
  private final Consumer<RunEvent> events;
  private final InstantSource clock;
  private final Dispatcher dispatcher;

  public PytestRun(
      RunPlan plan,
      MemoryWatch watch,
      Guard guard,
      Consumer<RunEvent> events,
      InstantSource clock) {
    this.plan = plan;
    this.watch = watch;
    this.events = events;
    this.clock = clock;
    this.dispatcher = new Dispatcher(plan, watch, guard, events, clock);
  }

  /// Ask the run to stop, from any thread: running tests finish the first time, are killed the
  /// second.
  public void interrupt() {
    dispatcher.interrupt();
  }

  /// Run to the end and answer the summary.
  ///
  /// @throws UserError when no test could run: no pytest, or tests that cannot fit
  public RunSummary run() throws InterruptedException {
    Instant start = clock.instant();
    Bytes swapBefore = watch.after().swapUsed();
    Bytes budget = watch.read(0, Map.of()).snapshot().budget();
    events.accept(
        new RunEvent.Started(
            start,
            plan.id(),
            plan.host().engine(),
            plan.packed() ? "packed" : "phased",
            plan.machine(),
            budget,
            plan.containment()));
    RunState state = dispatcher.run();
    refuse(state);
    List<TestResult> results = dispatcher.outcomes();
    MemoryWatch.Peak peak = watch.peak();
    var summary =
        new RunSummary(
            plan.id(),
            plan.command(),
            state.engine.isEmpty() ? plan.host().engine() : state.engine,
            plan.packed() ? "packed" : "phased",
            workers(results),
            plan.machine(),
            start,
            Duration.between(start, clock.instant()),
            results,
            peak.tree(),
            peak.source(),
            peak.machine(),
            budget,
            swapBefore,
            watch.after(),
            state.evidence,
            state.stop,
            exitCode(state, results));
    events.accept(new RunEvent.Finished(clock.instant(), summary));
    return summary;
  }

  /// What made the run impossible, as an error for the user.
  private static void refuse(RunState state) {
    if (!state.refused.isEmpty()) {
      throw new UserError(
          state.refused.size() == 1
              ? "a test does not fit the memory budget"
              : "tests do not fit the memory budget",
          String.join("\n", state.refused),
          "raise the budget with `--memory`, or let such tests run alone with `--allow-oversize`",
          ExitCode.MEMORY);
    }
    if (state.hello == null && state.processStatus != ExitCode.USAGE.code()) {
      throw new UserError(
          "pytest did not start",
          "its process ended with exit status "
              + state.processStatus
              + "; what it printed stands above",
          "try `python -m pytest --version` with the same Python, or name another with `--python`",
          ExitCode.PYTHON);
    }
  }

  private Map<String, Integer> workers(List<TestResult> results) {
    var workers = new LinkedHashMap<String, Integer>();
    for (RunPlan.Group group : plan.groups()) {
      if (results.stream().anyMatch(result -> result.group().equals(group.name()))) {
        workers.put(group.name(), Math.min(group.workers(), plan.workers()));
      }
    }
    return workers;
  }

  /// pytest's own status, made red where we know more: a crash that pytest did not see, or a test
  /// without an outcome.
  private static int exitCode(RunState state, List<TestResult> results) {
    int status = state.status >= 0 ? state.status : state.processStatus;
    boolean red = results.stream().anyMatch(result -> result.outcome().isRed());
    boolean missing = results.stream().anyMatch(result -> result.outcome() == Outcome.NOT_RUN);
    if (state.status < 0 && state.hello != null) {
      return ExitCode.ENGINE.code();
    }
    if (status == 0 && state.interrupts > 0) {
      return ExitCode.INTERRUPTED.code();
    }
    if (status == 0 && red) {
      return ExitCode.TESTS_FAILED.code();
    }
    return status == 0 && missing ? ExitCode.INCOMPLETE.code() : status;
  }
}
