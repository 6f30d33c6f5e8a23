package dev.plimsoll.cli.shard;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `plimsoll board`: a run that several machines share.
@Command(
    name = "board",
    mixinStandardHelpOptions = true,
    description = "Show a run that several machines share, and let its failed tests run again.",
    subcommands = {BoardStatusCommand.class, BoardRequeueCommand.class})
public final class BoardCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return 0;
  }
}
