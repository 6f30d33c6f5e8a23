package dev.plimsoll.calibrate;

import dev.plimsoll.calibrate.choice.Amount;
import dev.plimsoll.calibrate.choice.Choice;
import dev.plimsoll.calibrate.choice.KnownFailures;
import dev.plimsoll.calibrate.choice.MemoryForecast;
import dev.plimsoll.calibrate.choice.Rejected;
import dev.plimsoll.calibrate.choice.Rejected.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Put the outcome of a calibration in words: the choice among the levels that stood, and why each
/// other level of the plan was not chosen.
final class ChoiceText {
  private ChoiceText() {}

  /// The choice with the levels that were not tried among the rejected ones.
  static Choice of(RampState state, Choice choice) {
    var rejected = new ArrayList<>(choice.rejected());
    var missing = notTried(state, rejected);
    rejected.addAll(missing);
    rejected.sort(Comparator.comparingInt(Rejected::workers));
    return new Choice(choice.workers(), reason(choice, missing), rejected, notes(state, choice));
  }

  /// The choice among the levels that passed all their runs.
  static Choice proven(RampState state) {
    int runs = state.plan().runs();
    Choice choice = state.plan().policy().withRuns(runs).choose(state.judged());
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
    String detail =
        "predicted peak %s, budget %s; `--force` tries it"
            .formatted(forecast.bytes(), plan.memory().bytes());
    return Optional.of(new Rejected(workers, Kind.NOT_TRIED, "cannot fit", detail));
  }

  private static List<Rejected> notTried(RampState state, List<Rejected> known) {
    int highest = state.highest();
    return state.plan().levels().stream()
        .filter(level -> level > highest)
        .filter(level -> known.stream().noneMatch(rejected -> rejected.workers() == level))
        .map(level ->
            fits(state, level).orElse(new Rejected(level, Kind.NOT_TRIED, "were not tried", "")))
        .toList();
  }

  /// A level that cannot fit is a reason of the choice, unless a lower one is one already.
  private static String reason(Choice choice, List<Rejected> missing) {
    var tooLarge = missing.stream().filter(level -> !level.detail().isEmpty()).findFirst();
    boolean higher =
        choice.rejected().stream().anyMatch(level -> level.workers() > choice.workers());
    if (!choice.found() || tooLarge.isEmpty() || higher) {
      return choice.reason();
    }
    return choice.reason().replace(", and the highest that was measured", "")
        + ": "
        + tooLarge.get().reason();
  }

  private static List<String> notes(RampState state, Choice choice) {
    var notes = new ArrayList<>(choice.notes());
    if (state.trials().isEmpty()) {
      return notes;
    }
    var baseline = state.baseline();
    if (!baseline.known().isEmpty()) {
      notes.add(KnownFailures.words(baseline.known()));
    }
    baseline
        .flaky()
        .forEach(test -> notes.add(test + " is flaky with 1 worker and counts against no level"));
    return notes;
  }
}
