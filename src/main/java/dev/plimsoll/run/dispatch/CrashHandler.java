package dev.plimsoll.run.dispatch;

import dev.plimsoll.engine.pytest.HostMessage;
import dev.plimsoll.model.Attempt;
import dev.plimsoll.model.Death;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.report.DeathText;
import dev.plimsoll.run.guard.Guard;
import dev.plimsoll.schedule.Event;
import dev.plimsoll.schedule.Retries;
import dev.plimsoll.verdict.Verdict;
import java.time.Duration;
import java.util.List;

/// Deals with the death of workers: what it was, and what becomes of the test that ran.
final class CrashHandler {
  /// So many workers in a row that die without a test are no accident.
  private static final int HOPELESS = 5;

  private final HostSession session;
  private final DecisionExecutor executor;
  private final Guard guard;

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
    if (worker.running() >= 0 && worker.running() != test) {
      session.results().neverBegan(worker.running());
    }
    var others = worker.tests.stream().filter(other -> other != test).toList();
    session.board.ifPresent(board -> board.unhand(others));
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
    if (verdict.suggestsMoreMemory() && verdict.needsEvidence()) {
      session.state.evidence.add(verdict.what());
      session.state.evidence.addAll(verdict.evidence());
    }
    session.journal.died(worker.name(), id, verdict.text());
    var again =
        test < 0 ? diedIdle(worker, gone, verdict) : afterDeath(worker, test, gone, verdict);
    session.emit(new RunEvent.WorkerGone(session.now(), worker.name(), gone.pid(), ""));
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
  private Event.Again diedIdle(Worker worker, HostMessage.Gone gone, Verdict verdict) {
    int missing = session.results().missing();
    idle = missing == missingBefore ? idle + 1 : 1;
    missingBefore = missing;
    if (worker.last >= 0 && !verdict.suggestsMoreMemory()) {
      blameLast(worker, gone, verdict);
    } else {
      died(worker, -1, verdict, Death.Next.NONE);
    }
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
    return Event.Again.NO;
  }

  /// A worker that dies between tests was tearing down fixtures of a wider scope or finishing its
  /// session. That is its last test's error, as one that is raised there; not when memory was
  /// short, for which no test is to blame.
  private void blameLast(Worker worker, HostMessage.Gone gone, Verdict verdict) {
    String id = session.tests.item(worker.last).id();
    Death death = died(worker, worker.last, verdict, Death.Next.REPORTED);
    String text = CrashText.after(id, worker.name(), gone, death);
    session.results().late(worker.last, text).ifPresent(session::finished);
  }

  /// What becomes of the test whose worker died: a preempted one runs again when its memory is
  /// free, a victim runs again alone, and what dies alone or exceeded its time limit is reported.
  private Event.Again afterDeath(Worker worker, int test, HostMessage.Gone gone, Verdict verdict) {
    return switch (verdict.cause()) {
      case PREEMPTED ->
          retry(
              worker,
              test,
              verdict,
              Retries.next(
                  session.results().attempts(test), worker.growth(), session.plan.capacity()));
      case TOO_LARGE -> fail(worker, test, gone, Outcome.CRASHED, verdict);
      case TIMED_OUT, DEADLOCKED ->
          session.mayRepeat(test)
              ? repeat(worker, test, gone, verdict)
              : fail(worker, test, gone, Outcome.FAILED, verdict);
      case STUCK_IN_FORK -> retryElsewhere(worker, test, gone, verdict);
      case STOPPED -> retry(worker, test, verdict, Death.Next.AGAIN);
      case OUT_OF_MEMORY, MEMORY_DAEMON, KILLED, SIGNAL, EXIT, VANISHED ->
          session.results().crashed(test) < 2 && session.state.stop.isEmpty()
              ? retry(worker, test, verdict, Death.Next.ALONE)
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
    return retry(worker, test, verdict, Death.Next.SPAWNED);
  }

  private Event.Again retry(Worker worker, int test, Verdict verdict, Death.Next next) {
    Death death = died(worker, test, verdict, next);
    boolean alone = next == Death.Next.ALONE;
    session
        .results()
        .note(
            test,
            "attempt %d: %s%s"
                .formatted(
                    death.attempt(), DeathText.cause(death), alone ? "; it ran again alone" : ""));
    session.results().before(test, attempt(death, Outcome.CRASHED, ""));
    session.results().runsAgain(test, alone);
    return alone ? Event.Again.ALONE : Event.Again.RESERVED;
  }

  /// A test that was ended for its own fault failed, and has an attempt left.
  private Event.Again repeat(Worker worker, int test, HostMessage.Gone gone, Verdict verdict) {
    Death death = died(worker, test, verdict, Death.Next.ALONE);
    session.results().failed(test, attempt(death, Outcome.FAILED, CrashText.of(gone, death)));
    session.results().runsAgain(test, true);
    return Event.Again.ALONE;
  }

  private static Attempt attempt(Death death, Outcome outcome, String text) {
    return new Attempt(
        outcome, death.worker(), death.start(), death.duration(), DeathText.brief(death), text);
  }

  private Event.Again fail(
      Worker worker, int test, HostMessage.Gone gone, Outcome outcome, Verdict verdict) {
    Death death = died(worker, test, verdict, Death.Next.REPORTED);
    String text = CrashText.of(gone, death);
    String id = session.tests.item(test).id();
    session
        .host()
        .crashed(
            worker.number,
            session.tests.item(test).index(),
            CrashText.heading(id, worker.name()) + text);
    session.finished(session.results().crash(death, outcome, test, text));
    return Event.Again.NO;
  }

  /// Tell of a death.
  ///
  /// @param test the test that ran, -1 for none
  private Death died(Worker worker, int test, Verdict verdict, Death.Next next) {
    int attempt = test < 0 ? 0 : session.results().attempts(test);
    var death =
        new Death(
            test < 0 ? "" : session.tests.item(test).id(),
            worker.name(),
            worker.since,
            Duration.between(worker.since, session.now()),
            worker.growth(),
            verdict.did(),
            worker.killedFor(test).shortage(),
            verdict.needsEvidence() ? verdict.evidence() : List.of(),
            verdict.advice(),
            attempt,
            next);
    session.emit(new RunEvent.Died(session.now(), death));
    return death;
  }
}
