package dev.plimsoll.cli.shard;

import dev.plimsoll.board.BoardRecords;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import dev.plimsoll.run.journal.BoardLines;
import dev.plimsoll.shard.MergedRun;
import dev.plimsoll.store.RedisBoard;
import dev.plimsoll.store.StoreConnection;
import dev.plimsoll.store.StoreLost;
import dev.plimsoll.store.StorePassword;
import dev.plimsoll.store.StoreUrl;

/// Reads what a board recorded. Apart from the command, so that other commands load nothing of the
/// store.
final class BoardReader {
  private static final int TIMEOUT_MILLIS = 10_000;

  private BoardReader() {}

  /// The run of a board.
  ///
  /// @param command the arguments of `plimsoll`, for people
  /// @throws UserError when it cannot be read
  static MergedRun read(String url, String command) {
    StoreUrl where = StoreUrl.parse(url);
    try (var store =
        new StoreConnection(where, StorePassword.of(System.getenv()), TIMEOUT_MILLIS)) {
      return read(new RedisBoard(store), where.run(), command);
    } catch (StoreLost e) {
      throw new UserError(
          "the board `" + where + "` does not answer",
          String.valueOf(e.getMessage()),
          "check that its store runs and that this machine reaches it",
          ExitCode.INTERNAL_ERROR);
    }
  }

  private static MergedRun read(RedisBoard board, String name, String command) {
    var records = new BoardRecords(BoardLines.readManifest(board.manifest()));
    board.read(entry -> {
      try {
        switch (entry.kind()) {
          case "r" -> records.result(entry.test(), BoardLines.readResult(entry.text()));
          case "late" -> records.late(entry.test(), BoardLines.readResult(entry.text()));
          case "died" -> records.died(entry.test());
          case "left" -> {
            if (!entry.text().isEmpty()) {
              records.left(
                  BoardLines.readSummary(entry.text()), BoardLines.readUncollected(entry.text()));
            }
          }
          default -> records.unreadable(entry.test(), "its kind is `" + entry.kind() + "`");
        }
      } catch (RuntimeException e) {
        records.unreadable(entry.test(), String.valueOf(e.getMessage()));
      }
    });
    return records.run(name, command, board.machines());
  }
}
