package dev.plimsoll.cli.groups;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `plimsoll groups`: which test file belongs to which group.
@Command(
    name = "groups",
    mixinStandardHelpOptions = true,
    description = "Show and update the lists of test files in each group.",
    subcommands = {
      GroupsListCommand.class,
      GroupsSyncCommand.class,
      GroupsCheckCommand.class,
      GroupsExplainCommand.class,
      GroupsMoveCommand.class,
      GroupsSuggestCommand.class
    })
public final class GroupsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return 0;
  }
}
