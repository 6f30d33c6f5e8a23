package dev.plimsoll.cli.shard;

import dev.plimsoll.cli.OutputFlags;
import dev.plimsoll.cli.ProjectCommand;
import dev.plimsoll.cli.ProjectFlags;
import dev.plimsoll.config.Config;
import dev.plimsoll.shard.MergedRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `plimsoll finish`: one run of what a board recorded.
@Command(
    name = "finish",
    mixinStandardHelpOptions = true,
    description = {
      "Report a run that several machines shared: its tests, history, and pytest's `--lf`.",
      "A test without a result counts as not run, and the exit code is 14."
    })
public final class FinishCommand extends ProjectCommand<ProjectFlags> {
  public FinishCommand() {
    super(new ProjectFlags());
  }

  @Parameters(paramLabel = "URL", description = "the board, as in `plimsoll run --join URL`")
  private String url = "";

  @Mixin private final OutputFlags output = new OutputFlags();

  @Override
  public Integer call() {
    Config config = flags.load();
    String command = String.join(" ", spec.commandLine().getParseResult().originalArgs());
    MergedRun run = read("finish " + command);
    return new MergedOutput(output).write(config, run, this::warn);
  }

  private MergedRun read(String command) {
    try (var board = new BoardReader(url)) {
      return board.run(command);
    }
  }
}
