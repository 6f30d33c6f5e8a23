package dev.plimsoll.schedule;

import dev.plimsoll.estimate.Estimate;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Isolation;
import dev.plimsoll.model.Mode;
import dev.plimsoll.model.Shortage;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Plays a run of four tests with nothing real in it, while pytest starts and there is nothing else
/// to do. What gives up a test is then loaded and linked before the first one runs. Without it the
/// first kill of a run comes some 6 ms later (measured), in which 30 MB are filled at 5 GB/s.
public final class Rehearsal {
  private static final Bytes HEADROOM = Bytes.mib(1000);
  private static final int WORKERS = 2;
  private static final int TESTS = 4;
  private static final long SECOND = 1_000_000;

  private Rehearsal() {}

  /// Play it.
  ///
  /// @return what was decided when memory was short
  public static List<Decision> play() {
    var estimate = new Estimate(Duration.ofSeconds(1), Bytes.mib(100), Estimate.Basis.PRIOR);
    var test = new Candidate("test.py", "test.py", 0, estimate);
    var policy =
        new Policy(
            Mode.PACKED,
            List.of(WORKERS),
            WORKERS,
            HEADROOM,
            HEADROOM,
            HEADROOM,
            SECOND,
            Isolation.NONE,
            false);
    var scheduler =
        new Scheduler(
            Collections.nCopies(TESTS, test), policy, UnitOrder.PATH, HEADROOM, Reservations.ALONE);
    scheduler.start();
    scheduler.on(0, new Event.Ready(0));
    scheduler.on(SECOND, sensed(HEADROOM, Memory.State.CALM));
    var decided = scheduler.on(2 * SECOND, sensed(Bytes.ZERO, Memory.State.CRITICAL));
    scheduler.on(3 * SECOND, new Event.Gone(0, 0, Event.Again.ALONE, HEADROOM.value()));
    return decided;
  }

  private static Event sensed(Bytes headroom, Memory.State state) {
    return new Event.Sensed(
        new Memory(headroom, Map.of(0, HEADROOM), Map.of(0, HEADROOM), state, why(state)));
  }

  private static Optional<Shortage> why(Memory.State state) {
    return state == Memory.State.CALM
        ? Optional.empty()
        : Optional.of(new Shortage.RunBudget(HEADROOM, HEADROOM));
  }
}
