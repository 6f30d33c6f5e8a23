package dev.plimsoll.run.dispatch;

import dev.plimsoll.engine.pytest.HostMessage;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.run.guard.Guard;
import dev.plimsoll.run.guard.MemoryWatch;
import java.util.Locale;

/// Tests that the runner schedules by its own rules (pytest-xdist, a debugger), and any session
/// that has not collected yet: Plimsoll keeps the outcomes and passes on how the run goes.
final class ObservedTests implements TestDriver {
  private final HostSession session;
  private final Guard guard;
  private final Interruption interruption;

  ObservedTests(HostSession session, Guard guard, Interruption interruption) {
    this.session = session;
    this.guard = guard;
    this.interruption = interruption;
  }

  @Override
  public void ready(HostMessage.Worker ready) {
    session.ready(session.workers.computeIfAbsent(ready.worker(), Worker::new), ready, guard);
  }

  @Override
  public void begun(HostMessage.Started begun) {
    Worker worker = session.workers.get(begun.worker());
    int test = session.tests.test(begun.item());
    if (worker != null && test >= 0) {
      String id = session.tests.item(test).id();
      String group = session.tests.group(test).name();
      session.emit(new RunEvent.TestStarted(begun.at(), id, group, worker.name()));
    }
  }

  @Override
  public void done(HostMessage.Done done) {
    Worker worker = session.workers.computeIfAbsent(done.worker(), Worker::new);
    int test = session.tests.test(done.item());
    if (isMissing(done, test)) {
      session.results().attempt(test);
      guard.testEnds(worker.number, test).ifPresent(o -> session.outlived(worker, o));
      session.ended(worker, test, done);
    }
  }

  /// Whether this is the outcome that a test still lacks. The runner may tell of others: of one
  /// that has its outcome from a run before this one, or has reported twice.
  private boolean isMissing(HostMessage.Done done, int test) {
    boolean again = test >= 0 && session.results().has(test);
    if (again) {
      session.note(
          true,
          "%s reported a second outcome, %s, which does not count. A process that the test forked may have continued in pytest: end it with `os._exit`"
              .formatted(
                  session.tests.item(test).id(), done.outcome().name().toLowerCase(Locale.ROOT)));
    }
    return test >= 0 && !again;
  }

  @Override
  public void dropped(HostMessage.Dropped dropped) {
    // Nothing was given.
  }

  @Override
  public void stuck(HostMessage.Stuck stuck) {
    // The runner's own time limits end it, if it has any.
  }

  @Override
  public void differs(HostMessage.UnitError error) {
    if (session.differs(error)) {
      stop("the workers collected different tests");
    }
  }

  @Override
  public void gone(HostMessage.Gone gone) {
    Worker worker = session.workers.remove(gone.worker());
    if (worker != null) {
      session.left(worker, gone, guard);
      String why = gone.expected() ? "" : "pytest-xdist lost it";
      session.emit(new RunEvent.WorkerGone(session.now(), worker.name(), gone.pid(), why));
    }
  }

  @Override
  public void looked(MemoryWatch.Reading reading) {
    session
        .workers
        .values()
        .forEach(worker ->
            guard
                .outlived(worker.number, Guard.Outlived.NO_TEST)
                .ifPresent(outlived -> session.outlived(worker, outlived)));
  }

  @Override
  public void stop(String reason) {
    session.stop(reason);
  }

  @Override
  public void interrupted() {
    interruption.endHost();
  }
}
