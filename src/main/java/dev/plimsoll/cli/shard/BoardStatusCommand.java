package dev.plimsoll.cli.shard;

import dev.plimsoll.board.BoardStatus;
import dev.plimsoll.cli.JsonText;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import dev.plimsoll.report.Style;
import dev.plimsoll.ui.RedrawnBlock;
import dev.plimsoll.ui.Terminal;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `plimsoll board status`: how a run on a board stands.
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Show how a run on a board stands: its tests, and each machine with its last sign of life and"
          + " the tests that its workers have.",
      "In a terminal, the view follows the run until it has ended or you press Ctrl-C. Nothing on the"
          + " board changes."
    })
final class BoardStatusCommand implements Callable<Integer> {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything else
  private CommandSpec spec;

  @Parameters(paramLabel = "URL", description = "the board, as in `plimsoll run --join URL`")
  private String url = "";

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    var terminal = Terminal.standard();
    var text =
        new BoardStatusText(
            new Style(terminal.hasColour(terminal.out()), terminal.isUnicode()), url);
    PrintWriter out = spec.commandLine().getOut();
    try (var board = new BoardReader(url)) {
      if (!json && terminal.out() && terminal.isLive()) {
        follow(board, text, terminal, out);
      } else {
        BoardStatus status = board.status();
        requireOpen(status);
        out.print(
            json
                ? JsonText.write(BoardStatusText.tree(status, board.name()))
                : String.join("\n", text.lines(status)) + "\n");
      }
    }
    out.flush();
    return ExitCode.OK.code();
  }

  private static void follow(
      BoardReader board, BoardStatusText text, Terminal terminal, PrintWriter out)
      throws InterruptedException {
    var size = terminal.watchedSize();
    var block =
        new RedrawnBlock(
            drawn -> {
              out.print(drawn);
              out.flush();
            },
            size);
    BoardStatus status = board.status();
    block.draw(text.lines(status, size.get()));
    while (!status.isFinished()) {
      Thread.sleep(PAUSE);
      status = board.status();
      block.draw(text.lines(status, size.get()));
    }
  }

  private static void requireOpen(BoardStatus status) {
    if (!status.open()) {
      throw new UserError(
          "no machine has joined the run",
          "the board has no tests",
          "start `plimsoll run --join` on a machine",
          ExitCode.INCOMPLETE);
    }
  }
}
