package dev.plimsoll.cli;

import dev.plimsoll.cli.calibration.Calibrations;
import dev.plimsoll.config.Config;
import dev.plimsoll.engine.Halt;
import dev.plimsoll.engine.pytest.ChosenPython;
import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.run.chain.Chain;
import dev.plimsoll.run.chain.ChainResult;
import dev.plimsoll.run.chain.StageReader;
import dev.plimsoll.stages.Stage;
import dev.plimsoll.stages.StagePlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;

/// Runs the chain of stages, for `plimsoll stages run` and `plimsoll run --stage`.
final class StageRun {
  private static final int SAFE_START = 2;

  private final CommandSpec spec;
  private final Config config;
  private final Supplier<ChosenPython> python;

  StageRun(CommandSpec spec, Config config, Supplier<ChosenPython> python) {
    this.spec = spec;
    this.config = config;
    this.python = python;
  }

  /// Run and answer the exit code.
  ///
  /// @param only the one stage to run, empty for all
  /// @param from the stage to begin at, with those that need it, empty for all
  int run(String only, String from) throws IOException {
    StagePlan plan = StageReader.select(StageReader.read(config), only, from);
    var halt = new Halt();
    Interrupts.call(() -> halt.pull("it was interrupted"));
    try (var store = new HistoryStore(config.root(), InstantSource.system(), this::warn)) {
      var talk = new StagesTalk(spec.commandLine().getErr());
      var setting = ChainSetting.of(config, python, store, this::warn);
      ChainResult result = new Chain(setting, this::auto, talk).run(plan, halt);
      tell(result);
      return result.exitCode().code();
    }
  }

  /// What was measured on this machine; a safe start without.
  private int auto(Stage stage) {
    return Calibrations.workers(config, stage.name(), this::warn).orElse(SAFE_START);
  }

  private void tell(ChainResult result) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(StagesText.summary(result, config.root()));
    out.flush();
    PrintWriter err = spec.commandLine().getErr();
    result.error().ifPresent(error -> err.print(ErrorRenderer.text(error)));
    err.flush();
  }

  private void warn(String text) {
    spec.commandLine().getErr().println("warning: " + text);
    spec.commandLine().getErr().flush();
  }
}
