package dev.plimsoll.calibrate;

import dev.plimsoll.calibrate.Rejected.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Put the outcome of a calibration in words: the choice among the levels that stood, and why each
/// other level of the plan was not chosen.
final class ChoiceText {
  private ChoiceText() {}

  /// The choice with the levels that failed or were not tried among the rejected ones.
  static Choice of(RampState state, Choice choice) {
    var judged = state.plan().policy().withRuns(1).choose(state.judged());
    int ceiling = state.failed().orElse(Integer.MAX_VALUE);
    var rejected = new ArrayList<>(choice.rejected());
    for (Rejected level : judged.rejected()) {
      if (level.workers() == ceiling) {
        rejected.add(level);
      }
    }
    for (Level level : state.levels()) {
      if (level.workers() > ceiling) {
        rejected.add(above(level.workers(), ceiling));
      }
    }
    rejected.addAll(notTried(state));
    rejected.sort(Comparator.comparingInt(Rejected::workers));
    String reason =
        choice.found() ? reason(choice, rejected) : withoutChoice(state, judged, choice);
    return new Choice(choice.workers(), reason, rejected, notes(state, choice));
  }

  /// The choice among the levels that passed all their runs.
  static Choice proven(RampState state) {
    int runs = state.plan().runs();
    var rows =
        state.standing().stream()
            .filter(level -> level.runs() >= runs)
            .flatMap(level -> level.rows().stream())
            .toList();
    Choice choice = state.plan().policy().withRuns(1).choose(rows);
    if (choice.found()) {
      return of(state, choice);
    }
    String reason =
        "no level passed %d runs before the time was used up; `--continue` goes on".formatted(runs);
    return new Choice(0, reason, of(state, choice).rejected(), notes(state, choice));
  }

  /// An objection when memory prediction says that this level cannot fit.
  static Optional<Rejected> fits(RampState state, int workers) {
    RampPlan plan = state.plan();
    Amount forecast = MemoryForecast.of(state.levels(), workers);
    if (plan.force()
        || !plan.memory().known()
        || !forecast.known()
        || forecast.bytes().compareTo(plan.memory().bytes()) <= 0) {
      return Optional.empty();
    }
    String reason = workers + " cannot fit";
    String detail =
        "predicted peak %s, budget %s; try it with --force"
            .formatted(
                CalibrationWords.mb(forecast.bytes()), CalibrationWords.mb(plan.memory().bytes()));
    return Optional.of(new Rejected(workers, Kind.NOT_TRIED, reason, detail));
  }

  private static List<Rejected> notTried(RampState state) {
    int highest = state.trials().stream().mapToInt(Trial::workers).max().orElse(0);
    return state.plan().levels().stream()
        .filter(level -> level > highest)
        .map(level ->
            fits(state, level)
                .orElse(new Rejected(level, Kind.NOT_TRIED, level + " was not tried", "")))
        .toList();
  }

  private static Rejected above(int workers, int ceiling) {
    return new Rejected(
        workers, Kind.UNSTABLE, "%d is above %d, which fails".formatted(workers, ceiling), "");
  }

  private static String reason(Choice choice, List<Rejected> rejected) {
    var higher = new ArrayList<String>();
    for (Rejected level : rejected) {
      boolean tried = level.kind() != Kind.NOT_TRIED;
      if (level.workers() > choice.workers() && (tried || level.reason().endsWith("cannot fit"))) {
        higher.add(level.reason());
        if (!tried) {
          break;
        }
      }
    }
    int colon = choice.reason().indexOf(": ");
    String lead = colon < 0 ? choice.reason() : choice.reason().substring(0, colon);
    lead = lead.replace(", and the highest that was measured", "");
    return higher.isEmpty() ? choice.reason() : lead + ": " + String.join("; ", higher);
  }

  private static String withoutChoice(RampState state, Choice judged, Choice choice) {
    boolean failed = state.failed().isPresent() && state.standing().isEmpty();
    return failed ? "no stable level: " + judged.rejected().getFirst().reason() : choice.reason();
  }

  private static List<String> notes(RampState state, Choice choice) {
    var notes = new ArrayList<>(choice.notes());
    if (state.trials().isEmpty()) {
      return notes;
    }
    var baseline = Baseline.of(state.trials());
    baseline
        .known()
        .forEach(test ->
            notes.add(test + " fails with one worker too, and is not held against a level"));
    baseline
        .flaky()
        .forEach(
            test -> notes.add(test + " is flaky with one worker, and is not held against a level"));
    return notes;
  }
}
