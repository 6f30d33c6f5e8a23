package dev.plimsoll.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/// The `plimsoll` command; prints its help when called without a subcommand.
public final class Plimsoll implements Callable<Integer> {
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name("plimsoll");

  CommandSpec described() {
    spec.usageMessage()
        .description("Run test suites in parallel as fast as the machine's memory safely allows.");
    Options.addHelp(spec);
    return spec;
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return 0;
  }
}
