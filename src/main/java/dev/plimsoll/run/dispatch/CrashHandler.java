package dev.plimsoll.run.dispatch;

import dev.plimsoll.engine.pytest.HostMessage;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.run.guard.Guard;
import dev.plimsoll.schedule.Event;
import dev.plimsoll.verdict.Cause;
import dev.plimsoll.verdict.Verdict;
import java.time.Duration;

/// Deals with the death of workers: what it was, and what becomes of the test that ran.
final class CrashHandler {
  /// So many workers in a row that die without a test are no accident.
  private static final int HOPELESS = 5;

  private final HostSession session;
  private final DecisionExecutor executor;
  private final Guard guard;

  /// Attempts of a test that is stopped to free memory: as planned, with its memory set aside,
  /// alone.
  static final int ATTEMPTS = 3;

  /// Workers in a row that died without a test, and how many tests had no outcome then.
  private int idle;

  private int missingBefore;

  CrashHandler(HostSession session, DecisionExecutor executor, Guard guard) {
    this.session = session;
    this.executor = executor;
    this.guard = guard;
  }

  /// A worker's process ended.
  void gone(HostMessage.Gone gone) {
    Worker worker = session.workers.remove(gone.worker());
    if (worker == null) {
      return;
    }
    if (worker.isStarting() && !gone.expected()) {
      couldNotStart(worker, gone);
    }
    int test = gone.item() == HostMessage.NONE ? -1 : session.tests.test(gone.item());
    if (gone.expected() && test < 0) {
      session.left(worker, gone, guard);
      session.emit(new RunEvent.WorkerGone(session.now(), worker.name(), gone.pid(), ""));
      executor.tell(new Event.Gone(worker.number, -1, Event.Again.NO, 0));
      return;
    }
    String id = test < 0 ? "" : session.tests.item(test).id();
    Verdict verdict =
        guard.judge(
            gone,
            new Guard.Victim(
                worker.number, worker.killedFor(test), id, worker.size, worker.growth()));
    if (verdict.suggestsMoreMemory() && verdict.cause() != Cause.PREEMPTED) {
      session.state.evidence.add(verdict.what());
      session.state.evidence.addAll(verdict.evidence());
    }
    session.journal.died(worker.name(), id, verdict.text());
    session.emit(new RunEvent.WorkerGone(session.now(), worker.name(), gone.pid(), verdict.what()));
    if (test < 0) {
      diedIdle(verdict);
      blameLast(worker, gone, verdict);
    }
    Event.Again again = test < 0 ? Event.Again.NO : afterDeath(worker, test, gone, verdict);
    long seen = verdict.suggestsMoreMemory() ? worker.growth().value() : 0;
    executor.tell(new Event.Gone(worker.number, test, again, seen));
  }

  /// A worker that never got ready: another would not either.
  private void couldNotStart(Worker worker, HostMessage.Gone gone) {
    session.note(
        true,
        "worker "
            + worker.name()
            + " could not start"
            + (gone.stack().isBlank() ? "" : ":\n" + gone.stack()));
    session.breakDown();
    executor.stop("no worker could start");
  }

  /// A worker that dies between tests is replaced; when one after another does and no test ends any
  /// more, the next would die too.
  private void diedIdle(Verdict verdict) {
    int missing = session.results().missing();
    idle = missing == missingBefore ? idle + 1 : 1;
    missingBefore = missing;
    if (idle >= HOPELESS && session.state.stop.isEmpty()) {
      session.note(
          true,
          idle
              + " workers in a row died before they could run a test, so Plimsoll starts no more;"
              + " the last: "
              + verdict.text());
      session.breakDown();
      executor.stop("workers die before they run a test");
    }
  }

  /// A worker that dies between tests was tearing down fixtures of a wider scope or finishing its
  /// session. That is its last test's error, as one that is raised there; not when memory was
  /// short, for which no test is to blame.
  private void blameLast(Worker worker, HostMessage.Gone gone, Verdict verdict) {
    if (worker.last >= 0 && !verdict.suggestsMoreMemory()) {
      String id = session.tests.item(worker.last).id();
      String text = CrashText.after(id, worker.name(), gone, verdict.text());
      session.finished(session.results().late(worker.last, text));
    }
  }

  /// What becomes of the test whose worker died: a preempted one runs again when its memory is
  /// free, a victim runs again alone, and what dies alone or exceeded its time limit is reported.
  private Event.Again afterDeath(Worker worker, int test, HostMessage.Gone gone, Verdict verdict) {
    return switch (verdict.cause()) {
      case PREEMPTED -> retry(worker, test, verdict, preempted(test));
      case TOO_LARGE -> fail(worker, test, gone, Outcome.CRASHED, verdict);
      case TIMED_OUT, DEADLOCKED -> fail(worker, test, gone, Outcome.FAILED, verdict);
      case STUCK_IN_FORK -> retryElsewhere(worker, test, gone, verdict);
      case STOPPED -> retry(worker, test, verdict, Event.Again.RESERVED);
      case OUT_OF_MEMORY, MEMORY_DAEMON, KILLED, SIGNAL, EXIT, VANISHED ->
          session.results().crashed(test) < 2 && session.state.stop.isEmpty()
              ? retry(worker, test, verdict, Event.Again.ALONE)
              : fail(worker, test, gone, Outcome.CRASHED, verdict);
    };
  }

  /// Say where it was stuck; it runs again in a worker that is no copy of the host.
  private Event.Again retryElsewhere(
      Worker worker, int test, HostMessage.Gone gone, Verdict verdict) {
    if (!gone.stack().isBlank()) {
      session.note(
          false, "where " + worker.name() + " was stuck:\n" + gone.stack().stripTrailing());
    }
    return retry(worker, test, verdict, Event.Again.RESERVED);
  }

  /// Its memory is set aside the first time, all memory the next.
  private Event.Again preempted(int test) {
    return session.results().attempts(test) < ATTEMPTS - 1
        ? Event.Again.RESERVED
        : Event.Again.ALONE;
  }

  private Event.Again retry(Worker worker, int test, Verdict verdict, Event.Again again) {
    session
        .results()
        .note(test, "attempt " + session.results().attempts(test) + ": " + verdict.what());
    session.emit(
        new RunEvent.TestRetried(
            session.now(), session.tests.item(test).id(), worker.name(), verdict.what()));
    return again;
  }

  private Event.Again fail(
      Worker worker, int test, HostMessage.Gone gone, Outcome outcome, Verdict verdict) {
    String text =
        CrashText.of(
            session.tests.item(test).id(), worker.name(), gone, verdict.text(), worker.growth());
    session.host().crashed(worker.number, session.tests.item(test).index(), text);
    Duration spent = Duration.between(worker.since, session.now());
    session.finished(
        session
            .results()
            .crash(
                test,
                worker.name(),
                outcome,
                worker.since,
                spent,
                worker.growth(),
                text,
                verdict.what()));
    return Event.Again.NO;
  }
}
