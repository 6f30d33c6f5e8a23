package dev.plimsoll.run.dispatch;

import dev.plimsoll.engine.pytest.Host;
import dev.plimsoll.engine.pytest.HostMessage;
import dev.plimsoll.engine.pytest.HostRequest;
import dev.plimsoll.engine.pytest.WorkerName;
import dev.plimsoll.model.Attempt;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.run.guard.Guard;
import dev.plimsoll.run.journal.Journal;
import dev.plimsoll.run.plan.RunPlan;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One pytest session as the dispatcher's thread knows it: the host, the tests and their results,
/// the workers.
final class HostSession {
  /// What `breakpoint()` raises where there is nobody to talk to.
  private static final String LEFT_DEBUGGER = "bdb.BdbQuit";

  final RunPlan plan;
  final HostRequest request;
  final Tests tests;
  final RunState state = new RunState();
  final Map<Integer, Worker> workers = new TreeMap<>();
  final Journal journal;
  private final Consumer<RunEvent> events;
  final RunClock clock;
  private final Host host;
  private @Nullable Results results;

  /// The board that has the tests, when machines share them.
  Optional<BoardTests> board = Optional.empty();

  private boolean broken;

  HostSession(
      RunPlan plan,
      HostRequest request,
      Host host,
      Journal journal,
      Consumer<RunEvent> events,
      RunClock clock) {
    this.plan = plan;
    this.request = request;
    this.host = host;
    this.tests = new Tests(plan);
    this.journal = journal;
    this.events = events;
    this.clock = clock;
  }

  Host host() {
    return host;
  }

  /// The tests are known: each gets a place for its result.
  void collected() {
    results = new Results(tests);
  }

  /// Tests that are known not to fit have their one attempt alone, or run alone where they may pass
  /// the budget.
  void knowTooLarge() {
    for (int test = 0; test < tests.size(); test++) {
      int known = test;
      tests
          .tooLarge(test)
          .ifPresent(since -> {
            results().runsAgain(known, true);
            results().note(known, since);
          });
      tests.fillsTheBudget(test).ifPresent(why -> results().note(known, why));
    }
  }

  boolean isCollected() {
    return results != null;
  }

  Results results() {
    return Objects.requireNonNull(results, "results exist after the collection");
  }

  boolean isFirstOfSeveral() {
    return plan.parts().size() > 1 && plan.parts().getFirst().host().equals(request);
  }

  Worker worker(int number) {
    Worker worker = workers.get(number);
    if (worker == null) {
      throw new IllegalStateException("no worker " + WorkerName.of(number));
    }
    return worker;
  }

  Instant now() {
    return clock.instant();
  }

  /// No further test starts; the first reason counts.
  ///
  /// @return whether this is it
  boolean stop(String reason) {
    if (!state.stop.isEmpty()) {
      return false;
    }
    journal.decided("stops", "", reason);
    state.stop = reason;
    emit(new RunEvent.Stopping(now(), reason));
    return true;
  }

  /// The workers cannot do their work.
  void breakDown() {
    broken = true;
  }

  boolean isBroken() {
    return broken;
  }

  // ---- what workers do

  /// A worker is ready, in this process.
  void ready(Worker worker, HostMessage.Worker ready, Guard guard) {
    worker.ready(ready.pid());
    state.starts.add(ready.took());
    guard.worker(worker.number, worker.pid);
    emit(new RunEvent.WorkerStarted(now(), worker.name(), worker.pid));
  }

  /// A test has ended in a worker.
  void ended(Worker worker, int test, HostMessage.Done done) {
    worker.last = test;
    if (done.outcome().isRed() && done.reason().equals(LEFT_DEBUGGER)) {
      results().note(test, "a debugger has the terminal only with `-- --pdb`");
    }
    finished(results().finish(test, worker.name(), done));
  }

  /// A test failed in a worker and runs again.
  void repeats(Worker worker, int test, HostMessage.Done done) {
    worker.last = test;
    results()
        .failed(
            test,
            new Attempt(
                done.outcome(),
                worker.name(),
                done.start(),
                done.duration(),
                done.reason(),
                done.text()));
    results().runsAgain(test, true);
    String id = tests.item(test).id();
    journal.decided("repeats", worker.name(), id);
    emit(new RunEvent.TestRetried(now(), id, worker.name(), done.reason()));
  }

  /// Whether a failure of the test does not count yet.
  boolean mayRepeat(int test) {
    return state.stop.isEmpty() && results().failures(test) < plan.retry().retries();
  }

  /// A worker ended as it was ordered to. One that was killed on its way out has outlived nothing.
  void left(Worker worker, HostMessage.Gone gone, Guard guard) {
    guard
        .ended(worker.number)
        .filter(outlived -> gone.signal() <= 0)
        .ifPresent(outlived -> outlived(worker, outlived));
  }

  /// A worker collected other tests than the session.
  ///
  /// @return whether it is the first, which says enough
  boolean differs(HostMessage.UnitError error) {
    if (broken) {
      return false;
    }
    emit(
        new RunEvent.Note(
            now(),
            RunEvent.Level.ERROR,
            "worker "
                + WorkerName.of(error.worker())
                + " collected other tests than the host: "
                + error.text()
                + "\n\n"
                + "hint: sort the values of parameters (a set has a different order in each"
                + " process), or name them with `ids`; with `--engine fork` tests are collected"
                + " only once\n"));
    breakDown();
    return true;
  }

  /// Keep a test's result and show it.
  void finished(TestResult result) {
    journal.ended(result);
    board.ifPresent(shared -> shared.finished(result));
    emit(new RunEvent.TestFinished(now(), result));
  }

  /// A test's child was killed for memory: the test may well pass, but the user should know.
  void outlived(Worker worker, Guard.Outlived outlived) {
    String text =
        "the kernel killed "
            + outlived.kills()
            + " of the processes that it had started, for memory";
    int test = outlived.test();
    String id = test == Guard.Outlived.NO_TEST ? worker.name() : tests.item(test).id();
    note(true, id + ": " + text);
    state.evidence.add(id + ": " + text + " (the counter of its cgroup)");
    if (test != Guard.Outlived.NO_TEST) {
      results().note(test, text);
    }
  }

  void note(boolean warning, String text) {
    emit(new RunEvent.Note(now(), warning ? RunEvent.Level.WARNING : RunEvent.Level.INFO, text));
  }

  void emit(RunEvent event) {
    events.accept(event);
  }

  /// What an interrupted run still waits for.
  String whatMayFinish() {
    long busy = workers.values().stream().filter(worker -> worker.running() >= 0).count();
    return switch ((int) busy) {
      case 0 -> "no test is running; press Ctrl-C again to exit now";
      case 1 -> "waiting for the running test; press Ctrl-C again to kill it";
      default -> busy + " running tests; press Ctrl-C again to kill them";
    };
  }
}
