package dev.plimsoll.run.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What Ctrl-C does to a run: running tests finish the first time and are killed the second. A host
/// that schedules its own tests ends as it does on Ctrl-C.
final class Interruption {
  /// How long a host has to say that it heard Ctrl-C itself, as it does in a terminal. It does so
  /// at once; one that imports a large module in C takes longer.
  private static final Duration HEARS = Duration.ofSeconds(1);

  private static final Pattern LIMIT = Pattern.compile("stopping after ([0-9]+) failures");

  private final HostSession session;
  private Instant tellsHostAt = Instant.MAX;
  private boolean hostStops;

  Interruption(HostSession session) {
    this.session = session;
  }

  /// The host wants no further tests.
  void hostStops(String reason, TestDriver driver) {
    hostStops = true;
    Matcher limit = LIMIT.matcher(reason);
    driver.stop(limit.matches() ? "stopped after " + failures(limit.group(1)) : reason);
  }

  private static String failures(String count) {
    return count + (count.equals("1") ? " failure" : " failures");
  }

  /// The user wants the run to end.
  void asked(TestDriver driver) {
    session.state.interrupts++;
    driver.stop("interrupted");
    driver.interrupted();
  }

  /// End a session that obeys nothing but a signal: it hears Ctrl-C itself, or is sent one; the
  /// second time it is killed.
  void endHost() {
    if (session.state.interrupts > 1) {
      session.host().kill();
      return;
    }
    tellsHostAt = session.now().plus(HEARS);
    if (session.state.engine.equals("xdist")) {
      session.note(
          true,
          "interrupted: pytest-xdist is stopping its workers, which may start another test; tests"
              + " without an outcome now count as not run; press Ctrl-C again to kill them");
    }
  }

  /// When the host is to be told.
  Instant tellsHostAt() {
    return tellsHostAt;
  }

  /// pytest does not survive a second Ctrl-C while it handles the first, so it gets one only when
  /// it has not heard it.
  void tellHost() {
    if (!session.now().isBefore(tellsHostAt)) {
      tellsHostAt = Instant.MAX;
      if (!hostStops && session.state.end == null) {
        session.host().interrupt();
      }
    }
  }
}
