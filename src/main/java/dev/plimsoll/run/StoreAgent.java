package dev.plimsoll.run;

import dev.plimsoll.board.Board;
import dev.plimsoll.board.Bundles;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.model.UserError;
import dev.plimsoll.run.dispatch.BoardAgent;
import dev.plimsoll.run.journal.BoardLines;
import dev.plimsoll.run.plan.Digest;
import dev.plimsoll.run.plan.RunPlan;
import dev.plimsoll.run.plan.ThisMachine;
import dev.plimsoll.shard.Manifest;
import dev.plimsoll.store.RedisBoard;
import dev.plimsoll.store.StoreAccess;
import dev.plimsoll.store.StoreConnection;
import dev.plimsoll.store.StoreLost;
import dev.plimsoll.store.StoreUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/// The connection of a run to its board, with a thread that calls it.
final class StoreAgent implements BoardAgent {
  /// How long a machine may be silent before its tests run elsewhere; tests of this use less.
  private static final long PATIENCE_MILLIS =
      Long.parseLong(System.getenv().getOrDefault("_PLIMSOLL_BOARD_PATIENCE", "20000"));

  private static final int TIMEOUT_MILLIS = 5_000;
  private static final long RETRY_MILLIS = 500;

  private final StoreUrl url;
  private final RunPlan plan;
  private final String name;
  private final StoreConnection store;
  private final RedisBoard board;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("board").factory());
  private volatile Consumer<Runnable> answers = _ -> {};

  StoreAgent(StoreUrl url, Map<String, String> environment, RunPlan plan) {
    this.url = url;
    this.plan = plan;
    this.name = ThisMachine.node(plan.id());
    this.store = new StoreConnection(url, StoreAccess.of(environment), TIMEOUT_MILLIS);
    this.board = new RedisBoard(store);
  }

  @Override
  public void listen(Consumer<Runnable> where) {
    answers = where;
  }

  @Override
  public Board.Machine machine() {
    int workers = Math.max(1, plan.workers());
    return new Board.Machine(name, workers, plan.capacity().value(), PATIENCE_MILLIS);
  }

  @Override
  public String record(TestResult result) {
    return BoardLines.result(result, name, plan.machine());
  }

  @Override
  public String record(RunSummary run) {
    List<TestResult> uncollected =
        run.results().stream().filter(result -> !result.id().contains("::")).toList();
    return BoardLines.summary(run, uncollected);
  }

  @Override
  public <T> void ask(Function<Board, T> call, Then<T> then) {
    work(() -> call.apply(board), then);
  }

  @Override
  public void open(Filling filling, Then<Boolean> then) {
    work(() -> open(filling), then);
  }

  private <T> void work(Work<T> work, Then<T> then) {
    var _ =
        thread.submit(() -> {
          try {
            T answer = work.run();
            answers.accept(() -> then.answer().accept(answer));
          } catch (StoreLost e) {
            Thread.sleep(RETRY_MILLIS);
            answers.accept(() -> then.lost().accept(String.valueOf(e.getMessage())));
          } catch (UserError e) {
            answers.accept(() -> then.refused().accept(e));
          } catch (RuntimeException | Error e) {
            answers.accept(() -> {
              throw new IllegalStateException(e);
            });
          }
          return true;
        });
  }

  private interface Work<T> {
    T run() throws InterruptedException;
  }

  @Override
  public <T> T await(Function<Board, T> call) throws InterruptedException {
    try {
      return thread.submit(() -> call.apply(board)).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UserError error) {
        throw error;
      }
      if (e.getCause() instanceof StoreLost lost) {
        throw new UserError(
            "the board `" + url + "` does not answer",
            String.valueOf(lost.getMessage()),
            "look at the store; `plimsoll finish` reports what the board knows",
            ExitCode.INTERNAL_ERROR);
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /// Fill the board, or wait until another machine has.
  private boolean open(Filling filling) throws InterruptedException {
    board.requireSafe();
    String digest = Digest.of(filling.manifest().canonical());
    String environment =
        String.join(
            "\n",
            new TreeMap<>(filling.environment())
                .entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList());
    for (int attempt = 0; ; attempt++) {
      String token = plan.id() + "." + attempt;
      switch (board.claim(token, PATIENCE_MILLIS)) {
        case OPEN -> {
          check(filling.manifest(), digest, environment);
          return true;
        }
        case FILL ->
            board.fill(
                token,
                PATIENCE_MILLIS,
                Bundles.cut(filling.tests()),
                BoardLines.manifest(filling.manifest()),
                filling.tests().size(),
                digest,
                environment);
        case WAIT -> TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS / 2);
      }
    }
  }

  private void check(Manifest own, String digest, String environment) {
    RedisBoard.About about = board.about();
    if (!about.environment().equals(environment)) {
      throw different(
          "this machine has another environment than the others",
          differences(about.environment(), environment));
    }
    if (!about.digest().equals(digest)) {
      Manifest theirs = BoardLines.readManifest(board.manifest());
      throw different(
          "this machine collected other tests than the others",
          String.join("\n", theirs.differences(own)));
    }
  }

  private static String differences(String theirs, String own) {
    var there = theirs.lines().toList();
    var here = own.lines().toList();
    var lines = new ArrayList<String>();
    Stream.concat(
            there.stream().filter(line -> !here.contains(line)).map(line -> "there: " + line),
            here.stream().filter(line -> !there.contains(line)).map(line -> "here: " + line))
        .forEach(lines::add);
    return String.join("\n", lines);
  }

  private static UserError different(String what, String why) {
    return new UserError(
        what,
        why,
        "give all machines the same code and environment, or use another name for the run",
        ExitCode.INCOMPLETE);
  }

  @Override
  public void close() {
    thread.shutdownNow();
    store.close();
  }
}
