package dev.plimsoll.run;

import dev.plimsoll.report.Words;
import dev.plimsoll.verdict.OwnKill;
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

  private final Session session;

  TimeLimits(Session session) {
    this.session = session;
  }

  /// End the worker's test when its time is over, or go on with an end that has begun.
  void check(Worker worker) {
    int test = worker.running();
    if (test >= 0 && session.now().isAfter(worker.endAt)) {
      worker.endAt = Instant.MAX;
      session.host().kill(worker.number, session.tests.item(test).index(), SIGTERM);
    }
    if (test >= 0 && session.now().isAfter(worker.killAt)) {
      worker.killAt = Instant.MAX;
      Orders.killNow(worker);
    }
    if (test < 0 || worker.kill != OwnKill.NONE) {
      return;
    }
    var limit = session.tests.timeout(test);
    if (limit.isPresent()
        && Duration.between(worker.since, session.now()).compareTo(limit.get()) > 0) {
      String why = "the test took longer than its limit of " + Words.time(limit.get());
      end(worker, test, OwnKill.TIMEOUT, why);
    }
  }

  /// Have a worker write its stack, then end it while it runs this test; one that ends by itself
  /// meanwhile has failed for the reason.
  void end(Worker worker, int test, OwnKill kill, String why) {
    session.journal.kills(worker.name(), session.tests.item(test).id(), why);
    worker.kill = kill;
    session.host().dump(worker.number, session.tests.item(test).index(), why);
    worker.endAt = session.now().plus(DUMP);
    worker.killAt = worker.endAt.plus(GRACE);
  }
}
