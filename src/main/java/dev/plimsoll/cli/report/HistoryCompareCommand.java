package dev.plimsoll.cli.report;

import dev.plimsoll.cli.JsonText;
import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import dev.plimsoll.report.RunComparison;
import dev.plimsoll.report.Style;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `plimsoll history compare`: what changed between two recorded runs.
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = {
      "Show what changed between two recorded runs: newly failing and fixed tests, slower tests (by"
          + " half and by 0.5 s), larger tests (by a third and by 50 MiB), and tests that only one of them ran."
    })
final class HistoryCompareCommand implements Callable<Integer> {
  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything else
  private HistoryCommand history;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything else
  private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "BEFORE",
      description = "id of the earlier run")
  private String before = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "NOW", description = "id of the later run")
  private String now = "";

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  @Override
  public Integer call() {
    if (now.isEmpty()) {
      throw new UserError(
          "`plimsoll history compare` needs the ids of two runs",
          "",
          "`plimsoll history` lists the ids; the earlier run comes first",
          ExitCode.USAGE);
    }
    PrintWriter out = spec.commandLine().getOut();
    try (HistoryStore store = history.store()) {
      var comparison =
          new RunComparison(HistoryCommand.run(store, before), HistoryCommand.run(store, now));
      out.print(json ? JsonText.write(comparison.tree()) : comparison.text(Style.PLAIN));
      out.flush();
    }
    return ExitCode.OK.code();
  }
}
