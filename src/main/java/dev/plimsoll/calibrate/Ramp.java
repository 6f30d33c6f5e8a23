package dev.plimsoll.calibrate;

import dev.plimsoll.calibrate.choice.CalibrationWords;
import dev.plimsoll.calibrate.choice.Choice;
import dev.plimsoll.calibrate.choice.ChoicePolicy;
import dev.plimsoll.calibrate.choice.Level;
import dev.plimsoll.calibrate.choice.Rejected;
import dev.plimsoll.calibrate.choice.Rejected.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Decide, run by run, which level to measure next.
///
/// *Up:* each level is run once, fewest workers first, until one fails, one does not fit the
/// memory, the last two gained no time, or the time is used up. No level above a failed one is ever
/// tried; what past runs of the same code show to fail counts as failed. *Proof:* the level that
/// the choice policy picks from these figures is run until it has passed the required number of
/// runs in a row and the expected share of later runs that fail there is at most {@link #MOST_RISK}
/// (see {@link FailureRisk}); every level so close to it that a single run may have deceived is run
/// as often as required. When one of them fails, the choice falls back to the levels below it. A
/// level that is clearly slower is not run again: only what may be chosen has to be proven.
///
/// *Doubt:* a level that other programs disturbed is run again; so is the baseline of one worker
/// when a test fails, to distinguish a test that fails only in parallel from one that fails alone
/// or is flaky.
///
/// The state is the list of runs, so a calibration that was interrupted goes on where it ended.
public final class Ramp {
  /// The share of later runs that may be expected to fail at a level that is chosen.
  public static final double MOST_RISK = 0.02;

  /// A level whose time is within this share of the best is measured again before it is passed
  /// over: a wider spread makes no level as good as the best.
  private static final double CLOSE = ChoicePolicy.MOST_SPREAD;

  /// How often a disturbed level is measured again.
  private static final int NOISE_REPEATS = 2;

  private Ramp() {}

  public static Step start(RampPlan plan) {
    return resume(new RampState(plan, List.of()));
  }

  /// Go on after these runs.
  public static Step resume(RampState state) {
    return new Step(state, move(state));
  }

  /// The choice when the ramp is at its end; empty while it goes on.
  static Optional<Choice> choice(RampState state) {
    return move(state) instanceof Move.Stop stop ? Optional.of(stop.choice()) : Optional.empty();
  }

  /// The step after a run.
  public static Step after(RampState state, Trial trial) {
    return resume(state.with(trial));
  }

  private static Move move(RampState state) {
    RampPlan plan = state.plan();
    int lowest = plan.levels().getFirst();
    if (state.runs(lowest) == 0) {
      return new Move.Try(lowest, 1);
    }
    return disturbed(state).or(() -> doubtedBaseline(state)).orElseGet(() -> upOrProve(state));
  }

  private static Optional<Move> disturbed(RampState state) {
    Trial last = state.trials().getLast();
    int workers = last.workers();
    int noisy = state.runs(workers) - state.quietRuns(workers);
    if (!last.background().noisy()
        || noisy > NOISE_REPEATS
        || failedAt(state, workers)
        || overTime(state, last.time())) {
      return Optional.empty();
    }
    return Optional.of(new Move.Repeat(workers, "noise"));
  }

  /// A failing test is only known to fail because of parallel runs when one worker was given as
  /// many chances to fail it.
  private static Optional<Move> doubtedBaseline(RampState state) {
    int lowest = state.plan().levels().getFirst();
    int runs = state.runs(lowest);
    var baseline = state.baseline();
    boolean troubled =
        state.trials().stream().anyMatch(t -> t.workers() == lowest && !t.troubles().isEmpty());
    if (lowest != 1 || troubled || runs >= state.plan().runs()) {
      return Optional.empty();
    }
    var open =
        state.trials().stream()
            .flatMap(trial -> trial.failed().stream())
            .filter(test -> !baseline.flaky().contains(test))
            .distinct()
            .toList();
    if (open.isEmpty() || overTime(state, state.levels().getFirst().time())) {
      return Optional.empty();
    }
    String why = "does %s fail with one worker too?".formatted(CalibrationWords.some(open));
    return Optional.of(new Move.Repeat(1, why));
  }

  /// The step-back rule: the choice is made anew after each run, among the levels that did not
  /// fail. A level that fails, and all above it, are given up, and the next lower one is proved.
  private static Move upOrProve(RampState state) {
    String end = endOfAscent(state);
    if (end.isEmpty()) {
      int next = next(state).orElseThrow();
      return new Move.Try(next, 1);
    }
    Choice choice = state.plan().policy().withRuns(1).choose(state.judged());
    if (!choice.found()) {
      return new Move.Stop(ChoiceText.of(state, choice), end);
    }
    for (int workers : toProve(state, choice.workers())) {
      Duration time = level(state, workers).time();
      if (overTime(state, time)) {
        return new Move.Stop(ChoiceText.proven(state), "the time for calibration is used up");
      }
      return new Move.Try(workers, state.runs(workers) + 1);
    }
    return new Move.Stop(ChoiceText.of(state, choice), end);
  }

  /// Why no further level is tried; empty when one is.
  private static String endOfAscent(RampState state) {
    var next = next(state);
    int failed = state.failed().orElse(Integer.MAX_VALUE);
    if (failed <= next.orElse(state.highest())) {
      return CalibrationWords.workers(failed) + " failed, and no higher level is tried";
    }
    if (next.isEmpty()) {
      return "all levels were tried";
    }
    int workers = next.get();
    var tooLarge = objection(state);
    if (tooLarge.isPresent()) {
      return tooLarge.get() + ", and no higher level is tried";
    }
    if (ChoiceText.fits(state, workers).isPresent()) {
      return ChoiceText.fits(state, workers).get().reason();
    }
    var levels = state.levels();
    if (levels.size() >= 3 && noGain(state, levels)) {
      int last = levels.getLast().workers();
      return "no time gained by %s"
          .formatted(
              CalibrationWords.workers(List.of(levels.get(levels.size() - 2).workers(), last)));
    }
    Level last = levels.getLast();
    Duration needed =
        expected(last.time(), last.workers(), workers).multipliedBy(state.plan().runs());
    return overTime(state, needed)
        ? "the time for calibration leaves no room for a higher level"
        : "";
  }

  /// Time of a further level when half of the work goes on getting faster with the workers.
  static Duration expected(Duration time, int before, int workers) {
    double share = 0.5 + 0.5 * before / workers;
    return Duration.ofNanos((long) (time.toNanos() * share));
  }

  private static Optional<String> objection(RampState state) {
    return state.plan().policy().withRuns(1).choose(state.judged()).rejected().stream()
        .filter(rejected -> rejected.kind() == Kind.MEMORY)
        .map(Rejected::reason)
        .findFirst();
  }

  private static boolean noGain(RampState state, List<Level> levels) {
    var before = levels.subList(0, levels.size() - 2).stream().map(Level::time);
    double best = before.min(Comparator.naturalOrder()).orElseThrow().toNanos();
    double limit = best * (1 - state.plan().policy().tolerance());
    return levels.subList(levels.size() - 2, levels.size()).stream()
        .allMatch(level -> level.time().toNanos() > limit);
  }

  private static Optional<Integer> next(RampState state) {
    int highest = state.highest();
    return state.plan().levels().stream().filter(level -> level > highest).findFirst();
  }

  /// The chosen level and its close rivals, as far as they lack runs; the chosen one first.
  private static List<Integer> toProve(RampState state, int chosen) {
    var open = new ArrayList<Integer>();
    if (unproven(state, chosen) || state.risk(chosen) > MOST_RISK) {
      open.add(chosen);
    }
    var standing = state.standing();
    double best = standing.stream().mapToLong(level -> level.time().toNanos()).min().orElse(0);
    for (Level level : standing) {
      boolean close = level.time().toNanos() <= best * (1 + CLOSE);
      if (close && level.workers() != chosen && unproven(state, level.workers())) {
        open.add(level.workers());
      }
    }
    return open;
  }

  /// Whether a level lacks undisturbed runs; one that stays disturbed is not measured for ever.
  private static boolean unproven(RampState state, int workers) {
    int required = state.plan().runs();
    return state.quietRuns(workers) < required && state.runs(workers) < required + NOISE_REPEATS;
  }

  private static boolean overTime(RampState state, Duration more) {
    Duration limit = state.plan().time();
    return !limit.isZero() && state.spent().plus(more).compareTo(limit) > 0;
  }

  private static boolean failedAt(RampState state, int workers) {
    return !level(state, workers).clean();
  }

  private static Level level(RampState state, int workers) {
    return state.levels().stream().filter(l -> l.workers() == workers).findFirst().orElseThrow();
  }
}
