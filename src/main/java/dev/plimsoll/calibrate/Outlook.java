package dev.plimsoll.calibrate;

import dev.plimsoll.calibrate.choice.Level;
import dev.plimsoll.calibrate.choice.MemoryUse;
import dev.plimsoll.model.Outcome;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// What a calibration still costs when every further run passes: the ramp is walked to its end with
/// the times that are expected of it. A failure or a level that gains nothing makes it shorter, a
/// doubt longer.
///
/// @param runs how many runs
/// @param time all of them together; zero when it is not known how long one takes
/// @param last how long a run takes at the level that is then chosen
public record Outlook(int runs, Duration time, Duration last) {
  private static final int MOST = 1000;

  /// From here on.
  ///
  /// @param serial how long the tests take one after another, zero when that is not known
  public static Outlook of(RampState state, Duration serial) {
    Step step = Ramp.resume(state);
    int runs = 0;
    Duration time = Duration.ZERO;
    while (!(step.move() instanceof Move.Stop) && runs < MOST) {
      int workers =
          switch (step.move()) {
            case Move.Try move -> move.workers();
            case Move.Repeat move -> move.workers();
            case Move.Stop _ -> throw new IllegalStateException();
          };
      Trial expected = expected(step.state(), workers, serial);
      runs++;
      time = time.plus(expected.time());
      step = Ramp.after(step.state(), expected);
    }
    return new Outlook(runs, time, last(step));
  }

  /// The suite in which these ramps end, one after another, runs together.
  public static Outlook together(Collection<Outlook> ramps, int runs) {
    Duration once = ramps.stream().map(Outlook::last).reduce(Duration.ZERO, Duration::plus);
    return new Outlook(runs, once.multipliedBy(runs), once);
  }

  private static Duration last(Step step) {
    int workers = step.move() instanceof Move.Stop stop ? stop.choice().workers() : 0;
    return step.state().levels().stream()
        .filter(level -> level.workers() == workers)
        .map(Level::time)
        .findFirst()
        .orElse(Duration.ZERO);
  }

  private static Trial expected(RampState state, int workers, Duration serial) {
    var below = state.levels().stream().filter(level -> level.workers() <= workers).toList();
    Duration time =
        below.isEmpty()
            ? Ramp.expected(serial, 1, workers)
            : Ramp.expected(below.getLast().time(), below.getLast().workers(), workers);
    int tests = state.trials().isEmpty() ? 0 : state.trials().getFirst().tests();
    Map<String, Outcome> usual =
        state.trials().isEmpty() ? Map.of() : state.trials().getFirst().unusual();
    return new Trial(
        "",
        workers,
        time,
        tests,
        usual,
        List.of(),
        MemoryUse.UNKNOWN,
        Background.UNKNOWN,
        List.of());
  }
}
