package dev.plimsoll.cli;

import dev.plimsoll.cli.calibration.Calibrations;
import dev.plimsoll.config.Config;
import dev.plimsoll.engine.Halt;
import dev.plimsoll.engine.pytest.ChosenPython;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunEvent.Level;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.run.ThisMachine;
import dev.plimsoll.run.chain.Chain;
import dev.plimsoll.run.chain.ChainFrame;
import dev.plimsoll.run.chain.ChainResult;
import dev.plimsoll.run.chain.StageReader;
import dev.plimsoll.run.chain.StageSession;
import dev.plimsoll.stages.StagePlan;
import dev.plimsoll.ui.Displays;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/// Runs the chain of stages, for `plimsoll stages run` and `plimsoll run`.
final class StageRun {
  private final CommandSpec spec;
  private final Config config;
  private final Supplier<ChosenPython> python;

  StageRun(CommandSpec spec, Config config, Supplier<ChosenPython> python) {
    this.spec = spec;
    this.config = config;
    this.python = python;
  }

  /// What of a chain is run, and how it is told.
  ///
  /// @param only the one stage to run, empty for all
  /// @param from the stage to begin at, with those that need it, empty for all
  /// @param junit file for a JUnit report, or null
  record Request(String only, String from, Displays.Wish wish, @Nullable Path junit) {}

  /// Run and answer the exit code.
  int run(Request request) throws IOException {
    StagePlan plan = StageReader.select(StageReader.read(config), request.only(), request.from());
    var halt = new Halt();
    ChainResult result;
    var outlet = new Outlet(config, request.wish(), request.junit(), command(), this::warn);
    try (outlet) {
      Interrupts.call(() -> interrupt(halt, outlet));
      result = run(plan, halt, outlet);
    }
    PrintWriter err = spec.commandLine().getErr();
    if (result.interrupted().isEmpty()) {
      result.error().ifPresent(error -> err.print(ErrorRenderer.text(error)));
    }
    err.flush();
    return outlet.exitCode(result.exitCode().code());
  }

  private ChainResult run(StagePlan plan, Halt halt, Outlet outlet) throws IOException {
    StageSession.Setting setting = ChainSetting.of(config, python, outlet.store(), this::warn);
    Machine machine = ThisMachine.read();
    Bytes budget = setting.guards().budget();
    var frame = ChainFrame.open(setting.run(), command(), machine, budget);
    outlet.accept(
        new RunEvent.Started(
            frame.start(),
            setting.run(),
            ChainFrame.engine(plan),
            "phased",
            machine,
            budget,
            setting.guards().containment().rung().words()));
    var workers =
        new StageWorkers(
            Calibrations.rule(config, this::warn),
            outlet.store(),
            machine,
            setting.guards()::budget,
            outlet);
    ChainResult result = new Chain(setting, workers, outlet).run(plan, halt);
    RunSummary summary = frame.close(result, config.root());
    outlet.accept(new RunEvent.Finished(Instant.now(), summary));
    return result;
  }

  private static void interrupt(Halt halt, Outlet outlet) {
    if (!halt.isPulled()) {
      outlet.accept(
          new RunEvent.Note(
              Instant.now(), Level.INFO, "ending what runs; Ctrl-C again ends it at once"));
    }
    halt.ask("it was interrupted");
  }

  private String command() {
    return String.join(" ", spec.commandLine().getParseResult().originalArgs());
  }

  private void warn(String text) {
    spec.commandLine().getErr().println("warning: " + text);
    spec.commandLine().getErr().flush();
  }
}
