package dev.plimsoll.run.dispatch;

import dev.plimsoll.engine.pytest.HostMessage;
import dev.plimsoll.engine.pytest.WorkerName;
import dev.plimsoll.model.UserError;
import dev.plimsoll.run.guard.Guard;
import dev.plimsoll.run.guard.MemoryWatch;
import dev.plimsoll.schedule.Event;
import dev.plimsoll.schedule.Scheduler;
import dev.plimsoll.verdict.KillReason;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Tests that Plimsoll gives to forked or spawned workers: what workers do becomes an event of the
/// scheduler, whose decisions are carried out.
final class ScheduledTests implements TestDriver {
  private final HostSession session;
  private final Guard guard;
  private final DecisionExecutor executor;
  private final CrashHandler crashHandler;
  private final TimeLimits limits;

  ScheduledTests(HostSession session, Guard guard) {
    this.session = session;
    this.guard = guard;
    this.executor = new DecisionExecutor(session);
    this.limits = new TimeLimits(session);
    this.crashHandler = new CrashHandler(session, executor, guard);
  }

  void begin(Scheduler scheduler) {
    executor.begin(scheduler);
  }

  /// The tests come from the board.
  BoardTests share(BoardAgent agent, Consumer<UserError> refuse) {
    var board = new BoardTests(session, agent, executor, refuse);
    session.board = Optional.of(board);
    return board;
  }

  @Override
  public void ready(HostMessage.Worker ready) {
    Worker worker = session.workers.get(ready.worker());
    if (worker != null) {
      session.ready(worker, ready, guard);
      executor.tell(new Event.Ready(worker.number));
    }
  }

  @Override
  public void begun(HostMessage.Started begun) {
    Worker worker = session.workers.get(begun.worker());
    int test = session.tests.test(begun.item());
    if (worker != null && test >= 0 && worker.running() == test) {
      worker.since = begun.at();
    }
  }

  @Override
  public void done(HostMessage.Done done) {
    Worker worker = session.workers.get(done.worker());
    int test = session.tests.test(done.item());
    if (worker == null || !worker.tests.contains(test)) {
      session.note(
          true,
          "%s reported a result for a test that it does not have. The result does not count"
              .formatted(WorkerName.of(done.worker())));
      return;
    }
    if (worker.running() == test) {
      worker.endedInTime();
    }
    guard.testEnds(worker.number, test).ifPresent(o -> session.outlived(worker, o));
    worker.tests.remove((Integer) test);
    if (done.repeat()) {
      session.repeats(worker, test, done);
    } else {
      session.ended(worker, test, done);
    }
    executor.beginNext(worker);
    executor.tell(
        done.repeat()
            ? new Event.Repeated(worker.number, test)
            : new Event.Done(worker.number, test));
  }

  @Override
  public void dropped(HostMessage.Dropped dropped) {
    var back = dropped.items().stream().map(session.tests::test).toList();
    Worker worker = session.workers.get(dropped.worker());
    if (worker == null) {
      return;
    }
    int running = worker.running();
    worker.tests.removeAll(back);
    if (back.contains(running)) {
      session.results().neverBegan(running);
      worker.endedInTime();
      executor.beginNext(worker);
    }
    session.board.ifPresent(board -> board.unhand(back));
    executor.tell(new Event.Dropped(dropped.worker(), back));
  }

  /// A test that can never go on ends now. When its worker is a copy of the host, that may be why:
  /// workers are no copies from now on, and the test runs again in such a one.
  @Override
  public void stuck(HostMessage.Stuck stuck) {
    Worker worker = session.workers.get(stuck.worker());
    int test = session.tests.test(stuck.item());
    if (worker == null || worker.running() != test || worker.isCondemned()) {
      return;
    }
    if (stuck.forked() && !session.state.spawns) {
      session.state.spawns = true;
      session.host().spawnFromNow();
      session.note(
          true,
          session.tests.item(test).id()
              + " is deadlocked in a forked worker: it waits for a lock or a thread that the fork"
              + " did not copy. Plimsoll spawns workers from now on;"
              + " use `--engine spawn` to do so from the start");
    }
    limits.end(
        worker,
        test,
        stuck.forked() ? new KillReason.StuckInFork() : new KillReason.Deadlock(),
        "the test was deadlocked");
  }

  @Override
  public void differs(HostMessage.UnitError error) {
    if (session.differs(error)) {
      stop("the workers collected different tests");
    }
  }

  @Override
  public void gone(HostMessage.Gone gone) {
    crashHandler.gone(gone);
  }

  @Override
  public void looked(MemoryWatch.Reading reading) {
    executor.looked(reading);
    for (Worker worker : List.copyOf(session.workers.values())) {
      limits.check(worker);
      guard.outlived(worker.number, worker.running()).ifPresent(o -> session.outlived(worker, o));
    }
  }

  @Override
  public void stop(String reason) {
    executor.stop(reason);
  }

  @Override
  public void interrupted() {
    if (session.state.interrupts == 1) {
      session.note(true, "interrupted: " + session.whatMayFinish());
    } else {
      session.host().abort("interrupted by the user");
    }
  }
}
