package dev.plimsoll.calibrate;

import dev.plimsoll.calibrate.choice.MemoryUse;
import dev.plimsoll.model.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What a calibration still costs when every further run passes: the ramp is walked to its end with
/// the times that are expected of it. A failure or a level that gains nothing makes it shorter, a
/// doubt longer.
///
/// @param runs how many runs
/// @param time all of them together, zero while no run has been made
public record Outlook(int runs, Duration time) {
  private static final int MOST = 1000;

  /// From here on.
  public static Outlook of(RampState state) {
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
      Trial expected = expected(step.state(), workers);
      runs++;
      time = time.plus(expected.time());
      step = Ramp.after(step.state(), expected);
    }
    return new Outlook(runs, time);
  }

  private static Trial expected(RampState state, int workers) {
    var below = state.levels().stream().filter(level -> level.workers() <= workers).toList();
    Duration time = below.isEmpty() ? Duration.ZERO : Ramp.expected(below.getLast(), workers);
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
