package dev.plimsoll.run.dispatch;

import dev.plimsoll.report.Words;
import dev.plimsoll.verdict.KillReason;
import java.time.Duration;
import java.time.Instant;

/// Ends tests that take too long: a stack dump, then TERM, then KILL, each while the worker still
/// runs the test that it is meant for.
final class TimeLimits {
  /// Between the signal that writes the stack and the one that ends: sent at once, the second could
  /// win.
  private static final Duration DUMP = Duration.ofMillis(300);

  /// Between TERM, which lets a stuck test write its stack, and KILL.
  private static final Duration GRACE = Duration.ofSeconds(2);

  private static final int SIGTERM = 15;

  /// After this time the user sees what a worker spends it on.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final HostSession session;

  TimeLimits(HostSession session) {
    this.session = session;
  }

  /// End the worker's test when its time is over, or go on with an end that has begun.
  void check(Worker worker) {
    int test = worker.running();
    if (test < 0 && worker.last >= 0 && session.now().isAfter(worker.retiredAt)) {
      leaves(worker);
      return;
    }
    if (test >= 0 && session.now().isAfter(worker.endAt)) {
      worker.endAt = Instant.MAX;
      session.host().kill(worker.number, session.tests.item(test).index(), SIGTERM);
    }
    if (test >= 0 && session.now().isAfter(worker.killAt)) {
      worker.killAt = Instant.MAX;
      session.host().killNow(worker.pid);
    }
    if (test < 0 || worker.isCondemned()) {
      return;
    }
    var limit = session.tests.timeout(test);
    if (limit.isPresent()
        && Duration.between(worker.since, session.now()).compareTo(limit.get()) > 0) {
      String why = "the test took longer than its limit of " + Words.time(limit.get());
      end(worker, test, new KillReason.Timeout(), why);
    }
  }

  /// A worker that was told to end tears down fixtures of a wider scope. That belongs to its last
  /// test, as in pytest, and takes no longer than this may.
  private void leaves(Worker worker) {
    Duration spent = Duration.between(worker.retiredAt, session.now());
    var limit = session.tests.timeout(worker.last);
    if (session.now().isAfter(worker.killAt)) {
      worker.killAt = Instant.MAX;
      session.host().killNow(worker.pid);
    } else if (!worker.isCondemned()
        && limit.filter(most -> spent.compareTo(most) > 0).isPresent()) {
      String why =
          "the teardown after its last test took longer than the limit of "
              + Words.time(limit.get());
      session.journal.kills(worker.name(), session.tests.item(worker.last).id(), why);
      worker.condemn(new KillReason.Timeout(), worker.last);
      session.host().dump(worker.number);
      worker.killAt = session.now().plus(DUMP);
    } else if (!worker.toldSlow && spent.compareTo(PATIENCE) > 0) {
      worker.toldSlow = true;
      session.note(
          true,
          "%s has not exited %s after its last test, %s: it is tearing down fixtures with a wider scope or finishing its session. `--timeout` limits that too"
              .formatted(
                  worker.name(), Words.time(PATIENCE), session.tests.item(worker.last).id()));
    }
  }

  /// Have a worker write its stack, then kill it while it runs this test; one that exits first
  /// meanwhile has failed for the reason.
  void end(Worker worker, int test, KillReason kill, String why) {
    session.journal.kills(worker.name(), session.tests.item(test).id(), why);
    worker.condemn(kill, test);
    session.host().dump(worker.number, session.tests.item(test).index(), why);
    worker.endAt = session.now().plus(DUMP);
    worker.killAt = worker.endAt.plus(GRACE);
  }
}
