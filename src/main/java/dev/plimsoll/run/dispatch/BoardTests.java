package dev.plimsoll.run.dispatch;

import dev.plimsoll.board.Board;
import dev.plimsoll.board.Board.Fence;
import dev.plimsoll.board.Board.Settlement;
import dev.plimsoll.board.Bundles;
import dev.plimsoll.board.Member;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.model.UserError;
import dev.plimsoll.schedule.Event;
import dev.plimsoll.shard.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The part of a run that other machines share: asks the board for tests, hands them to the
/// scheduler as they come, and tells the board what becomes of them.
///
/// When the store does not answer, the tests that are here go on. The run joins again when it does,
/// tells all results again, and gives up after a minute.
final class BoardTests {
  private static final Duration BEAT = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HostSession session;
  private final BoardAgent agent;
  private final DecisionExecutor executor;
  private final Member member = new Member();
  private final Map<String, Integer> places = new HashMap<>();
  private final Map<Integer, Integer> testOf = new HashMap<>();
  private final List<Settlement> unsent = new ArrayList<>();
  private final Consumer<UserError> refuse;

  private Optional<Fence> fence = Optional.empty();

  /// The membership before, whose bundles this run still has.
  private Optional<Fence> before = Optional.empty();

  private boolean opened;
  private boolean joining;
  private boolean settling;
  private boolean taking;
  private boolean over;
  private boolean joinedOnce;
  private @Nullable UserError failure;
  private Instant nextBeat = Instant.EPOCH;
  private Instant nextTake = Instant.EPOCH;
  private Instant lostSince = Instant.MAX;

  /// @param refuse receives the reason when this machine cannot take part
  BoardTests(
      HostSession session,
      BoardAgent agent,
      DecisionExecutor executor,
      Consumer<UserError> refuse) {
    this.session = session;
    this.agent = agent;
    this.executor = executor;
    this.refuse = refuse;
  }

  /// The tests are collected.
  void open(Manifest manifest, Map<String, String> environment) {
    List<Manifest.Entry> entries = manifest.sorted();
    for (int place = 0; place < entries.size(); place++) {
      places.put(entries.get(place).id(), place);
    }
    Bundles.Test[] tests = new Bundles.Test[entries.size()];
    for (int test = 0; test < session.tests.size(); test++) {
      int place = place(test);
      testOf.put(place, test);
      var estimate = session.tests.estimate(test);
      tests[place] =
          new Bundles.Test(
              entries.get(place).key(),
              session.tests.item(test).path(),
              session.tests.groupIndex(test),
              estimate.peak().value(),
              estimate.duration().toNanos() / 1000);
    }
    open(new BoardAgent.Filling(manifest, List.of(tests), environment));
  }

  private void open(BoardAgent.Filling filling) {
    agent.open(
        filling,
        new BoardAgent.Then<>(
            _ -> {
              opened = true;
              join();
            },
            why -> {
              lost(why);
              if (!isFailed()) {
                open(filling);
              }
            },
            this::fail));
  }

  private int place(int test) {
    return places.getOrDefault(session.tests.item(test).id(), -1);
  }

  private List<Integer> places(Collection<Integer> tests) {
    return tests.stream().map(this::place).toList();
  }

  private List<Integer> tests(Collection<Integer> some) {
    return some.stream().map(place -> testOf.getOrDefault(place, -1)).toList();
  }

  // ---- what happens here

  /// A worker is about to get these tests. The board knows of it before they start: should this
  /// machine die, they are suspects.
  ///
  /// @param then gives them to the worker
  void hand(List<Integer> tests, Runnable then) {
    member.hand(places(tests));
    List<Integer> handed = member.handed();
    ask(board -> own -> board.beat(own, handed), this::stands, then);
  }

  /// Tests wait here again.
  void unhand(Collection<Integer> tests) {
    member.unhand(places(tests));
  }

  /// A test has a result.
  void finished(TestResult result) {
    Integer place = places.get(result.id());
    if (place == null) {
      return;
    }
    String record = agent.record(result);
    if (member.result(place).isPresent()) {
      Settlement late = member.late(place, record);
      ask(board -> own -> board.late(own, late) ? Optional.of(true) : Optional.empty(), _ -> {});
    } else {
      unsent.add(member.end(place, result.outcome().isRed(), record));
      settle();
    }
  }

  /// Whether a result belongs to this machine's part of the run.
  boolean isOwn(TestResult result) {
    Integer place = places.get(result.id());
    return place == null || member.has(place);
  }

  /// Time has passed, or something has happened.
  void tick() {
    Instant now = session.now();
    if (!opened || isFailed()) {
      return;
    }
    if (!now.isBefore(nextBeat)) {
      nextBeat = now.plus(BEAT);
      if (fence.isEmpty()) {
        join();
      }
      beat();
    }
    if (executor.wantsMore() && !taking && !now.isBefore(nextTake)) {
      take();
    }
  }

  // ---- what the board is asked

  private interface Call<T> {
    Function<Fence, Optional<T>> on(Board board);
  }

  /// Ask with the fence. When it is old, the machine joins again.
  private <T> void ask(Call<T> call, Consumer<T> answer) {
    ask(call, answer, () -> {});
  }

  private <T> void ask(Call<T> call, Consumer<T> answer, Runnable done) {
    if (fence.isEmpty() || isFailed()) {
      done.run();
      return;
    }
    Fence own = fence.get();
    agent.ask(
        board -> call.on(board).apply(own),
        new BoardAgent.Then<Optional<T>>(
            result -> {
              lostSince = Instant.MAX;
              done.run();
              result.ifPresentOrElse(answer, () -> stale(own));
            },
            why -> {
              done.run();
              lost(why);
            },
            error -> {
              fail(error);
              done.run();
            }));
  }

  private void stale(Fence old) {
    if (fence.filter(old::equals).isPresent()) {
      before = fence;
      fence = Optional.empty();
      join();
    }
  }

  private void lost(String why) {
    Instant now = session.now();
    before = fence.isPresent() ? fence : before;
    fence = Optional.empty();
    if (lostSince.equals(Instant.MAX)) {
      lostSince = now;
      session.note(true, "the board does not answer; tests that are here continue: " + why);
    }
    if (lostSince.plus(PATIENCE).isBefore(now)) {
      fail(silent(why));
    }
  }

  private static UserError silent(String why) {
    return new UserError(
        "the board does not answer",
        why,
        "look at the store, and start this command again: it joins the same run",
        ExitCode.INTERNAL_ERROR);
  }

  private static UserError late() {
    return new UserError(
        "this machine no longer takes part in the run",
        "it did not answer for a while, the run ended, and tests were given back to run again",
        "start this command again: it joins the same run",
        ExitCode.INCOMPLETE);
  }

  private void fail(UserError error) {
    if (failure == null) {
      failure = error;
      if (joinedOnce) {
        executor.stop(error.what());
      } else {
        refuse.accept(error);
      }
    }
  }

  private boolean isFailed() {
    return failure != null;
  }

  /// The run has ended here: tell the last results and wait for the other machines, which may still
  /// report errors.
  ///
  /// @param asked whether somebody asked this machine to end, which says nothing of the run
  /// @throws UserError when the board cannot be told
  Board.Verdict leave(RunSummary summary, boolean asked) throws InterruptedException {
    Fence own = fence.orElse(null);
    if (failure != null || own == null) {
      throw failure == null ? silent("this machine is not a member") : failure;
    }
    List<Settlement> last = List.copyOf(unsent);
    agent.await(board -> board.settle(own, false, last));
    String record = asked ? "" : agent.record(summary);
    agent.await(board -> board.leave(own, asked ? 0 : summary.exitCode(), record));
    Board.Verdict verdict = agent.await(Board::verdict);
    while (!asked && verdict.members() > 0) {
      Thread.sleep(BEAT);
      verdict = agent.await(Board::verdict);
    }
    return verdict;
  }

  private void join() {
    if (joining || isFailed()) {
      return;
    }
    joining = true;
    List<String> held = member.held();
    Optional<Fence> last = before;
    agent.ask(
        board -> board.join(agent.machine(), last, held),
        new BoardAgent.Then<>(
            joined -> joined.ifPresentOrElse(this::joined, () -> fail(late())),
            why -> {
              joining = false;
              lost(why);
            },
            this::fail));
  }

  /// This machine is a member, perhaps again. It tells again what the store may have forgotten.
  private void joined(Board.Joined joined) {
    joining = false;
    lostSince = Instant.MAX;
    joinedOnce = true;
    boolean again = before.isPresent();
    before = Optional.empty();
    fence = Optional.of(joined.fence());
    withdraw(joined.lost());
    beat();
    if (again) {
      unsent.clear();
      List<Settlement> all = member.results();
      ask(board -> own -> board.settle(own, true, all), _ -> {});
      for (Settlement late : member.lates()) {
        ask(board -> own -> board.late(own, late) ? Optional.of(true) : Optional.empty(), _ -> {});
      }
    }
    tick();
  }

  private void withdraw(Collection<String> bundles) {
    List<Integer> gone = tests(member.lose(bundles));
    if (!gone.isEmpty()) {
      executor.tell(new Event.Withdrawn(gone));
    }
  }

  private void beat() {
    List<Integer> handed = member.handed();
    ask(board -> own -> board.beat(own, handed), this::stands);
  }

  private void stands(Board.Standing standing) {
    if (standing.isOver() && !over) {
      over = true;
      executor.tell(new Event.NoMore());
    } else if (standing.wantsBack()) {
      giveBack(member.spare());
    }
  }

  private void giveBack(List<String> spare) {
    if (!spare.isEmpty()) {
      withdraw(spare);
      ask(
          board -> own -> board.giveBack(own, spare) ? Optional.of(true) : Optional.empty(),
          _ -> {});
    }
  }

  private void take() {
    taking = true;
    ask(
        board -> board::take,
        leases -> {
          if (leases.isEmpty()) {
            nextTake = session.now().plus(BEAT);
          }
          leases.forEach(this::given);
          tick();
        },
        () -> taking = false);
  }

  private void given(Board.Lease lease) {
    Member.Given given = member.given(lease);
    if (!given.known().isEmpty()) {
      unsent.addAll(given.known());
      settle();
    }
    if (!given.tests().isEmpty()) {
      executor.tell(new Event.Given(tests(given.tests()), given.alone()));
    }
  }

  /// One call at a time, with all that has come meanwhile.
  private void settle() {
    if (settling || unsent.isEmpty() || fence.isEmpty()) {
      return;
    }
    settling = true;
    List<Settlement> all = List.copyOf(unsent);
    unsent.clear();
    ask(
        board -> own -> board.settle(own, false, all),
        refused -> {
          member.refuse(refused);
          settle();
        },
        () -> settling = false);
  }
}
