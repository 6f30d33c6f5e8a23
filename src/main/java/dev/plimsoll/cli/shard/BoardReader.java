package dev.plimsoll.cli.shard;

import dev.plimsoll.board.BoardRecords;
import dev.plimsoll.board.BoardSnapshot;
import dev.plimsoll.board.BoardStatus;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.UserError;
import dev.plimsoll.run.journal.BoardLines;
import dev.plimsoll.shard.MergedRun;
import dev.plimsoll.store.RedisBoard;
import dev.plimsoll.store.StoreAccess;
import dev.plimsoll.store.StoreConnection;
import dev.plimsoll.store.StoreLost;
import dev.plimsoll.store.StoreUrl;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reads what a board has. Apart from the commands, so that other commands load nothing of the
/// store.
final class BoardReader implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 10_000;

  private final StoreUrl where;
  private final StoreConnection store;
  private final RedisBoard board;
  private @Nullable BoardRecords records;
  private String read = RedisBoard.BEGINNING;

  /// @throws UserError when the URL or the password is wrong
  BoardReader(String url) {
    this.where = StoreUrl.parse(url);
    this.store = new StoreConnection(where, StoreAccess.of(System.getenv()), TIMEOUT_MILLIS);
    this.board = new RedisBoard(store);
  }

  /// The name of the run.
  String name() {
    return where.run();
  }

  /// The run of the board.
  ///
  /// @param command the arguments of `plimsoll`, for people
  /// @throws UserError when it cannot be read
  MergedRun run(String command) {
    return answered(() -> records().run(where.run(), command, board.machines()));
  }

  /// How the run stands now.
  ///
  /// @throws UserError when it cannot be read
  BoardStatus status() {
    return answered(() -> {
      BoardSnapshot snapshot = board.snapshot();
      return BoardStatus.of(snapshot, records());
    });
  }

  /// Give tests back that failed.
  ///
  /// @param ids none for all of them
  /// @return the ids of those that wait again
  /// @throws UserError when one did not fail, or machines still take part
  List<String> requeue(List<String> ids) {
    return answered(() -> {
      BoardRecords all = records();
      Map<String, Integer> tests = all.tests();
      ids.forEach(id -> requireRed(all, id, tests.get(id)));
      var chosen =
          tests.entrySet().stream()
              .filter(test -> ids.isEmpty() || ids.contains(test.getKey()))
              .filter(test -> all.outcome(test.getValue()).filter(Outcome::isRed).isPresent())
              .map(test -> all.needs(test.getValue()))
              .toList();
      List<Integer> back = board.requeue(chosen).orElseThrow(this::goesOn);
      return tests.entrySet().stream()
          .filter(test -> back.contains(test.getValue()))
          .map(Map.Entry::getKey)
          .toList();
    });
  }

  private static void requireRed(BoardRecords records, String id, @Nullable Integer test) {
    if (test == null) {
      throw new UserError(
          "the run has no test `" + id + "`",
          "",
          "use the id that the report shows, such as `test_a.py::test_b`",
          ExitCode.USAGE);
    }
    Optional<Outcome> outcome = records.outcome(test);
    if (outcome.filter(Outcome::isRed).isEmpty()) {
      throw new UserError(
          "`" + id + "` cannot be given back",
          outcome.map(its -> "its outcome is: " + its.word()).orElse("it has no result"),
          "only tests that failed or crashed run again",
          ExitCode.USAGE);
    }
  }

  private UserError goesOn() {
    return new UserError(
        "machines still take part in the run",
        "tests can be given back when each machine has ended or is lost",
        "`plimsoll board status " + where + "` shows them",
        ExitCode.INCOMPLETE);
  }

  private <T> T answered(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (StoreLost e) {
      throw new UserError(
          "the board `" + where + "` does not answer",
          String.valueOf(e.getMessage()),
          "check that its store runs and that this machine reaches it",
          ExitCode.INTERNAL_ERROR);
    }
  }

  /// All records until now; those of the last reading are not read again.
  private BoardRecords records() {
    BoardRecords known = records;
    if (known == null) {
      known = new BoardRecords(BoardLines.readManifest(board.manifest()));
    }
    BoardRecords all = known;
    read = board.read(read, entry -> add(all, entry));
    // A board that is not filled yet gets its tests later.
    records = read.equals(RedisBoard.BEGINNING) ? null : all;
    return all;
  }

  private static void add(BoardRecords records, RedisBoard.Entry entry) {
    try {
      switch (entry.kind()) {
        case "r" -> records.result(entry.test(), BoardLines.readResult(entry.text()));
        case "late" -> records.late(entry.test(), BoardLines.readResult(entry.text()));
        case "died" -> records.died(entry.test());
        case "again" -> records.again(entry.test());
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
  }

  @Override
  public void close() {
    store.close();
  }
}
