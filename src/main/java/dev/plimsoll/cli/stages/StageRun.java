package dev.plimsoll.cli.stages;

import dev.plimsoll.cli.ErrorRenderer;
import dev.plimsoll.cli.EventSinks;
import dev.plimsoll.cli.Interrupts;
import dev.plimsoll.cli.calibration.Calibrations;
import dev.plimsoll.cli.report.JunitReport;
import dev.plimsoll.config.Config;
import dev.plimsoll.engine.CancellationToken;
import dev.plimsoll.engine.Division;
import dev.plimsoll.engine.pytest.ChosenPython;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.Mode;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunEvent.Level;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.process.SteadyClock;
import dev.plimsoll.run.chain.Chain;
import dev.plimsoll.run.chain.ChainFrame;
import dev.plimsoll.run.chain.ChainResult;
import dev.plimsoll.run.chain.StageReader;
import dev.plimsoll.run.chain.StageSession;
import dev.plimsoll.run.plan.ShardChoice;
import dev.plimsoll.run.plan.ThisMachine;
import dev.plimsoll.stages.StagePlan;
import dev.plimsoll.ui.Displays;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/// Runs the chain of stages, for `plimsoll stages run` and `plimsoll run`.
public final class StageRun {
  private final CommandSpec spec;
  private final Config config;
  private final Supplier<ChosenPython> python;

  public StageRun(CommandSpec spec, Config config, Supplier<ChosenPython> python) {
    this.spec = spec;
    this.config = config;
    this.python = python;
  }

  /// Which part of a chain to run, and how to report it.
  ///
  /// @param only the one stage to run, empty for all
  /// @param from the stage to begin at, with those that need it, empty for all
  /// @param junit file for a JUnit report, or null
  /// @param html file for the run as a page, or null
  /// @param shard the part of the one stage to run, empty for all of it
  public record Request(
      String only,
      String from,
      Displays.OutputOptions options,
      @Nullable Path junit,
      @Nullable Path html,
      Optional<ShardChoice> shard) {}

  /// Run and answer the exit code.
  public int run(Request request) throws IOException {
    StagePlan plan = StageReader.select(StageReader.read(config), request.only(), request.from());
    Optional<StageShard> shard =
        request.shard().map(choice -> StageShard.of(choice, plan, this::warn));
    var cancellation = new CancellationToken();
    ChainResult result;
    var junit = new JunitReport(request.junit(), this::warn);
    EventSinks sinks =
        new EventSinks(config, request.options(), junit, command(), this::warn)
            .html(config, request.html());
    try (junit;
        sinks) {
      Interrupts.call(() -> interrupt(cancellation, sinks));
      shard.ifPresent(sinks::add);
      result = run(plan, cancellation, sinks, junit.environment(), shard.map(part -> part));
    }
    PrintWriter err = spec.commandLine().getErr();
    if (result.interrupted().isEmpty()) {
      result.error().ifPresent(error -> err.print(ErrorRenderer.text(error)));
    }
    err.flush();
    return sinks.exitCode(result.exitCode().code());
  }

  private ChainResult run(
      StagePlan plan,
      CancellationToken cancellation,
      EventSinks sinks,
      Map<String, String> environment,
      Optional<Division> division)
      throws IOException {
    StageSession.Setting setting =
        ChainSetting.of(config, python, sinks.store(), environment, division, this::warn);
    Machine machine = ThisMachine.read();
    Bytes budget = setting.guards().budget();
    var frame = ChainFrame.open(setting.run(), command(), machine, budget);
    sinks.accept(
        new RunEvent.Started(
            frame.start(),
            setting.run(),
            ChainFrame.engine(plan),
            Mode.PHASED.word(),
            machine,
            budget,
            setting.guards().containment().method().words()));
    var workers =
        new StageWorkers(
            Calibrations.rule(config, this::warn),
            sinks.store(),
            machine,
            setting.guards()::budget,
            sinks);
    ChainResult result = new Chain(setting, workers, sinks).run(plan, cancellation);
    RunSummary summary = frame.close(result, config.root());
    sinks.accept(new RunEvent.Finished(SteadyClock.now(), summary));
    return result;
  }

  private static void interrupt(CancellationToken cancellation, EventSinks sinks) {
    if (!cancellation.isPulled()) {
      sinks.accept(
          new RunEvent.Note(
              SteadyClock.now(), Level.INFO, "stopping; press Ctrl-C again to kill everything"));
    }
    cancellation.ask("interrupted");
  }

  private String command() {
    return String.join(" ", spec.commandLine().getParseResult().originalArgs());
  }

  private void warn(String text) {
    spec.commandLine().getErr().println("warning: " + text);
    spec.commandLine().getErr().flush();
  }
}
