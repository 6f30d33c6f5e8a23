package dev.plimsoll.run;

import dev.plimsoll.config.Config;
import dev.plimsoll.engine.CancellationToken;
import dev.plimsoll.engine.Runner;
import dev.plimsoll.engine.RunnerRequest;
import dev.plimsoll.engine.RunnerResult;
import dev.plimsoll.engine.pytest.ChosenPython;
import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.UserError;
import dev.plimsoll.run.plan.RunRequest;
import dev.plimsoll.run.plan.WorkerCount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// A stage that selects tests of pytest: they run as `plimsoll run` runs them, with the stage's
/// number of workers.
public final class PytestStage implements Runner {
  private final Config config;
  private final ChosenPython python;
  private final HistoryStore store;
  private final PytestLauncher launcher;
  private final List<String> arguments;
  private final Map<String, String> environment;

  /// A stage that gives pytest these arguments.
  ///
  /// @param environment variables for the plugin
  public PytestStage(
      Config config,
      ChosenPython python,
      HistoryStore store,
      PytestLauncher launcher,
      List<String> arguments,
      Map<String, String> environment) {
    this.config = config;
    this.python = python;
    this.store = store;
    this.launcher = launcher;
    this.arguments = List.copyOf(arguments);
    this.environment = Map.copyOf(environment);
  }

  @Override
  public RunnerResult run(
      RunnerRequest request, CancellationToken cancellation, Consumer<RunEvent> events) {
    var variables = new HashMap<>(request.env());
    variables.putAll(environment);
    var wanted =
        new RunRequest(
            config,
            python,
            request.folder(),
            List.of(),
            arguments,
            variables,
            _ -> new WorkerCount(request.workers(), "stage " + request.stage()),
            false,
            List.of(),
            "stage " + request.stage(),
            Optional.empty(),
            Optional.empty());
    try {
      RunSummary summary =
          launcher.run(
              wanted,
              store,
              Map.of(),
              events,
              (_, end) -> {
                var _ = cancellation.onPull().thenRun(end);
                var _ = cancellation.onHurry().thenRun(end);
              });
      String halted = cancellation.isPulled() ? cancellation.reason() : "";
      return new RunnerResult(
          summary.exitCode(),
          summary.results(),
          problems(summary),
          List.of(),
          halted,
          request.output(),
          summary.duration());
    } catch (InterruptedException e) {
      throw new UserError("interrupted", "", "", ExitCode.INTERRUPTED);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> problems(RunSummary summary) {
    boolean red = summary.results().stream().anyMatch(result -> result.outcome().isRed());
    return summary.exitCode() == 0 || red
        ? List.of()
        : Optional.of(summary.interrupted()).filter(why -> !why.isEmpty()).stream().toList();
  }
}
