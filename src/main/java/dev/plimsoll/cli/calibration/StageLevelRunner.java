package dev.plimsoll.cli.calibration;

import dev.plimsoll.calibrate.LevelRunner;
import dev.plimsoll.cli.Interrupts;
import dev.plimsoll.config.Config;
import dev.plimsoll.engine.CancellationToken;
import dev.plimsoll.engine.RunnerResult;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.UserError;
import dev.plimsoll.run.chain.ChainFrame;
import dev.plimsoll.run.chain.ChainResult;
import dev.plimsoll.run.chain.StageReader;
import dev.plimsoll.run.chain.StageResult;
import dev.plimsoll.run.chain.StageSession;
import dev.plimsoll.stages.Stage;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Runs one stage of the chain again and again, in this process, as the chain runs it. Its server
/// under test is started once, before the first run, and ended with this.
final class StageLevelRunner implements LevelRunner, AutoCloseable {
  private final StageSession.Setting setting;
  private final Stage stage;
  private final Machine machine;
  private final Supplier<Bytes> budget;
  private final CancellationToken cancellation = new CancellationToken();
  private final StageSession session;
  private int runs;

  /// A runner whose server, if the stage wants one, is up.
  ///
  /// @param budget what a run may take, asked anew before each
  /// @param messages receives messages for the user
  /// @throws UserError when the stage has no number of workers to vary, or its server does not
  ///   start
  StageLevelRunner(
      StageSession.Setting setting,
      Stage stage,
      Machine machine,
      Supplier<Bytes> budget,
      Consumer<String> messages) {
    refuseFixed(stage);
    this.setting = setting;
    this.stage = stage;
    this.machine = machine;
    this.budget = budget;
    this.session = new StageSession(setting, event -> say(event, messages), cancellation);
    Interrupts.call(() -> cancellation.ask("interrupted"));
    try {
      session.prepare(stage);
    } catch (UserError e) {
      session.close();
      throw e;
    }
  }

  /// The stage of this name.
  static Optional<Stage> find(Config config, String name) {
    return StageReader.names(config).contains(name)
        ? StageReader.read(config).stages().stream()
            .filter(stage -> stage.name().equals(name))
            .findFirst()
        : Optional.empty();
  }

  private static void refuseFixed(Stage stage) {
    String why = stage.work().fixedWorkers();
    if (!why.isEmpty()) {
      throw new UserError(
          "stage `" + stage.name() + "` cannot be calibrated",
          why + ", so every level would be the same",
          "let Plimsoll set the number: use `workers` of the stage, and `{workers}` in a command",
          ExitCode.USAGE);
    }
  }

  private static void say(RunEvent event, Consumer<String> messages) {
    if (event instanceof RunEvent.Note note) {
      messages.accept(note.text());
    }
  }

  @Override
  public RunSummary run(String suite, int workers) {
    var frame =
        ChainFrame.open(setting.run() + "-" + ++runs, "calibrate " + suite, machine, budget.get());
    StageResult ran;
    try {
      StageSession.Ran once = session.run(stage, workers);
      if (once.death().isPresent()) {
        throw once.death().get();
      }
      ran = StageResult.of(stage, workers, once);
    } catch (UserError e) {
      throw cancellation.isPulled() ? GroupLevelRunner.interrupted() : e;
    }
    if (cancellation.isPulled()) {
      throw GroupLevelRunner.interrupted();
    }
    RunnerResult result = ran.result().orElseThrow();
    if (result.results().isEmpty() && result.exitCode() != ExitCode.OK) {
      throw nothingRan(workers, result);
    }
    return frame.close(
        new ChainResult(
            List.of(ran), session.serverPeak(), Optional.empty(), "", result.duration()),
        setting.config().root());
  }

  private UserError nothingRan(int workers, RunnerResult result) {
    String why =
        result.problems().isEmpty()
            ? "no test matched " + stage.work().text()
            : String.join("\n", result.problems());
    return new UserError(
        "could not run `%s` with %s".formatted(stage.name(), CalibrationText.workers(workers)),
        why,
        "`plimsoll run --stage %s` must work first; its output is in %s"
            .formatted(stage.name(), result.output()),
        result.exitCode());
  }

  @Override
  public void close() {
    session.close();
  }
}
