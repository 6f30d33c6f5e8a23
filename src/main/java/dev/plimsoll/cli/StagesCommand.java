package dev.plimsoll.cli;

import dev.plimsoll.config.Config;
import dev.plimsoll.config.Keys;
import dev.plimsoll.engine.Halt;
import dev.plimsoll.memory.UserFolder;
import dev.plimsoll.process.MachineLock;
import dev.plimsoll.run.chain.Chain;
import dev.plimsoll.run.chain.ChainResult;
import dev.plimsoll.run.chain.StageReader;
import dev.plimsoll.run.chain.StageRunners;
import dev.plimsoll.stages.Stage;
import dev.plimsoll.stages.StagePlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `plimsoll stages`: the chain of `[stages.NAME]`.
@Command(
    name = "stages",
    mixinStandardHelpOptions = true,
    description = "List or run the chain of stages of plimsoll.toml.",
    subcommands = {StagesCommand.ListStages.class, StagesCommand.RunStages.class})
final class StagesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return 0;
  }

  /// `plimsoll stages list`.
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List the stages in the order in which they run.")
  static final class ListStages implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private ConfigFlags flags;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      for (Stage stage : StageReader.read(flags.load()).stages()) {
        out.println(StagesText.line(stage));
      }
      out.flush();
      return 0;
    }
  }

  /// `plimsoll stages run`.
  @Command(
      name = "run",
      mixinStandardHelpOptions = true,
      description = "Run the stages, each when those it needs have succeeded.")
  static final class RunStages implements Callable<Integer> {
    private static final int SAFE_START = 2;

    @Spec private CommandSpec spec;
    @Mixin private ConfigFlags flags;

    @Option(names = "--stage", paramLabel = "NAME", description = "Run this stage alone.")
    private String only = "";

    @Option(
        names = "--from",
        paramLabel = "NAME",
        description = "Run this stage and those that need it.")
    private String from = "";

    @Override
    public Integer call() throws IOException {
      Config config = flags.load();
      StagePlan plan = StageReader.select(StageReader.read(config), only, from);
      var halt = new Halt();
      Interrupts.call(() -> halt.pull("it was interrupted"));
      var talk = new StagesTalk(spec.commandLine().getErr());
      ChainResult result = new Chain(setting(config), talk).run(plan, halt);
      tell(result, config.root());
      return result.exitCode().code();
    }

    private void tell(ChainResult result, Path root) {
      PrintWriter out = spec.commandLine().getOut();
      out.print(StagesText.summary(result, root));
      out.flush();
      PrintWriter err = spec.commandLine().getErr();
      result.error().ifPresent(error -> err.print(ErrorRenderer.text(error)));
      err.flush();
    }

    private static Chain.Setting setting(Config config) throws IOException {
      String run =
          "stages-"
              + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX)
              + "-"
              + ProcessHandle.current().pid();
      Path outputs = outputs(config.root()).resolve(run);
      String python = config.get(Keys.PYTHON);
      return new Chain.Setting(
          run,
          config,
          outputs,
          new MachineLock(UserFolder.runtime(System.getenv())),
          System.getenv(),
          StageRunners.withPlainPytest(
              python.equals("auto") ? "python3" : python, outputs.resolve("pytest.xml").toString()),
          stage -> SAFE_START);
    }

    /// `.plimsoll/output`, which git does not see.
    private static Path outputs(Path root) throws IOException {
      Path own = Files.createDirectories(root.resolve(".plimsoll"));
      Path ignore = own.resolve(".gitignore");
      if (!Files.exists(ignore)) {
        Files.writeString(ignore, "*\n");
      }
      return own.resolve("output");
    }
  }
}
