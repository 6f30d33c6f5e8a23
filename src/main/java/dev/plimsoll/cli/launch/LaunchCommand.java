package dev.plimsoll.cli.launch;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `plimsoll launch`: the machines of a run on a batch system.
@Command(
    name = "launch",
    mixinStandardHelpOptions = true,
    description = "Start the machines of a run over several machines on a batch system.",
    subcommands = {LaunchKubernetesCommand.class, LaunchSlurmCommand.class})
public final class LaunchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return 0;
  }
}
