package dev.plimsoll.cli.report;

import dev.plimsoll.history.FlakyTest;
import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.report.TerminalText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `plimsoll history flaky`: tests whose outcome changed on the same code.
@Command(
    name = "flaky",
    mixinStandardHelpOptions = true,
    description = {
      "List the tests that failed and passed on the same code, how often, and the tests that ran at"
          + " the same time as the failures."
    })
final class HistoryFlakyCommand implements Callable<Integer> {
  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything else
  private HistoryCommand history;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything else
  private CommandSpec spec;

  @Option(
      names = "-n",
      paramLabel = "N",
      defaultValue = "20",
      description = "number of tests to list")
  private int limit;

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  @Override
  public Integer call() {
    try (HistoryStore store = history.store()) {
      List<FlakyTest> tests = store.flaky(HistoryCommand.atLeastOne(limit));
      HistoryCommand.print(
          spec,
          json,
          "tests",
          tests,
          HistoryFlakyCommand::tree,
          HistoryFlakyCommand::lines,
          "no test changed its outcome on the same code");
    }
    return ExitCode.OK.code();
  }

  private static String lines(FlakyTest test) {
    String head =
        "failed in %d of %d  %s"
            .formatted(test.failed(), test.failed() + test.passed(), TerminalText.clean(test.id()));
    return head
        + test.beside().stream()
            .map(other -> "\n  " + beside(test, other))
            .collect(Collectors.joining())
        + "\n  `plimsoll history show "
        + TerminalText.clean(test.failures().getFirst())
        + "` shows the last failure";
  }

  private static String beside(FlakyTest test, FlakyTest.Neighbour other) {
    return "beside it in %d of %d failures and %d of %d passes: %s"
        .formatted(
            other.failed(),
            test.failed(),
            other.passed(),
            test.passed(),
            TerminalText.clean(other.id()));
  }

  private static Map<String, Object> tree(FlakyTest test) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("id", test.id());
    tree.put("failed", test.failed());
    tree.put("passed", test.passed());
    tree.put("lastFailure", test.last().toString());
    tree.put("failures", test.failures());
    tree.put("beside", test.beside().stream().map(HistoryFlakyCommand::tree).toList());
    return tree;
  }

  private static Map<String, Object> tree(FlakyTest.Neighbour other) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("id", other.id());
    tree.put("failed", other.failed());
    tree.put("passed", other.passed());
    return tree;
  }
}
