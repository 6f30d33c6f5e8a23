package dev.plimsoll.cli.shard;

import dev.plimsoll.model.ExitCode;
import dev.plimsoll.report.TerminalText;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `plimsoll board requeue`: failed tests of a run on a board run again.
@Command(
    name = "requeue",
    mixinStandardHelpOptions = true,
    description = {
      "Give tests that failed or crashed back to the board, when the run has ended.",
      "Machines that join the board afterwards run them, and their new results count. Until then they"
          + " count as not run."
    })
final class BoardRequeueCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything else
  private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "URL",
      description = "the board, as in `plimsoll run --join URL`")
  private String url = "";

  @Parameters(
      index = "1..*",
      paramLabel = "TEST",
      description = "ids of tests (default: all that failed or crashed)")
  private List<String> tests = List.of();

  @Override
  public Integer call() {
    List<String> back;
    try (var board = new BoardReader(url)) {
      back = board.requeue(tests);
    }
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    back.forEach(test -> out.println(TerminalText.clean(test)));
    out.flush();
    err.println(
        back.isEmpty()
            ? "no test failed or crashed"
            : "`plimsoll run --join " + url + "` runs the tests again");
    err.flush();
    return ExitCode.OK.code();
  }
}
