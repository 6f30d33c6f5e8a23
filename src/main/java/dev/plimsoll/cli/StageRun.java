package dev.plimsoll.cli;

import dev.plimsoll.config.Config;
import dev.plimsoll.engine.Halt;
import dev.plimsoll.engine.pytest.ChosenPython;
import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.memory.UserFolder;
import dev.plimsoll.process.MachineLock;
import dev.plimsoll.run.PytestLauncher;
import dev.plimsoll.run.PytestStage;
import dev.plimsoll.run.chain.Chain;
import dev.plimsoll.run.chain.ChainResult;
import dev.plimsoll.run.chain.StageReader;
import dev.plimsoll.run.chain.StageRunners;
import dev.plimsoll.stages.StagePlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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
      ChainResult result = new Chain(setting(store), talk).run(plan, halt);
      tell(result);
      return result.exitCode().code();
    }
  }

  private void tell(ChainResult result) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(StagesText.summary(result, config.root()));
    out.flush();
    PrintWriter err = spec.commandLine().getErr();
    result.error().ifPresent(error -> err.print(ErrorRenderer.text(error)));
    err.flush();
  }

  private Chain.Setting setting(HistoryStore store) throws IOException {
    String run =
        "stages-"
            + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX)
            + "-"
            + ProcessHandle.current().pid();
    var launcher = new PytestLauncher(InstantSource.system(), this::warn);
    return new Chain.Setting(
        run,
        config,
        outputs().resolve(run),
        new MachineLock(UserFolder.runtime(System.getenv())),
        System.getenv(),
        new StageRunners(args -> new PytestStage(config, python.get(), store, launcher, args)),
        stage -> SAFE_START);
  }

  /// `.plimsoll/output`, which git does not see.
  private Path outputs() throws IOException {
    Path own = Files.createDirectories(config.root().resolve(HistoryStore.FOLDER));
    Path ignore = own.resolve(".gitignore");
    if (!Files.exists(ignore)) {
      Files.writeString(ignore, "*\n");
    }
    return own.resolve("output");
  }

  private void warn(String text) {
    spec.commandLine().getErr().println("warning: " + text);
    spec.commandLine().getErr().flush();
  }
}
