package dev.plimsoll.cli.stages;

import dev.plimsoll.cli.ConfigFlags;
import dev.plimsoll.cli.OutputFlags;
import dev.plimsoll.cli.ProjectCommand;
import dev.plimsoll.config.Config;
import dev.plimsoll.run.chain.StageReader;
import dev.plimsoll.stages.Stage;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
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
    description = "List or run the chain of stages in plimsoll.toml.",
    subcommands = {StagesCommand.ListStages.class, StagesCommand.RunStages.class})
public final class StagesCommand implements Callable<Integer> {
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
      description = "List the stages in the order that they run.")
  static final class ListStages extends ProjectCommand<ConfigFlags> {
    ListStages() {
      super(new ConfigFlags());
    }

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
      description = "Run the stages, each after the stages that it needs have succeeded.")
  static final class RunStages extends ProjectCommand<ConfigFlags> {
    RunStages() {
      super(new ConfigFlags());
    }

    @Option(names = "--stage", paramLabel = "NAME", description = "Run only this stage.")
    private String only = "";

    @Option(
        names = "--from",
        paramLabel = "NAME",
        description = "Run this stage and the stages that depend on it.")
    private String from = "";

    @Mixin private final OutputFlags output = new OutputFlags();

    @Override
    public Integer call() throws IOException {
      Config config = flags.load();
      return new StageRun(spec, config, () -> flags.python(config))
          .run(
              new StageRun.Request(
                  only, from, output.display(), output.junit(), output.html(), Optional.empty()));
    }
  }
}
