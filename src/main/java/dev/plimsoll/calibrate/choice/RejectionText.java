package dev.plimsoll.calibrate.choice;

import dev.plimsoll.calibrate.choice.Rejected.Kind;
import dev.plimsoll.model.Bytes;
import java.util.List;

/// Say in words why a level was chosen, or none.
final class RejectionText {
  /// Runs in a row after which a level counts as proven stable.
  static final int PROOF = 3;

  private RejectionText() {}

  /// @param within what makes a level as good as the fastest one, empty when it is the fastest
  static String chosen(Level chosen, int levels, String within, List<Rejected> rejected) {
    var higher = rejected.stream().filter(r -> r.workers() > chosen.workers()).toList();
    boolean onlyStable = rejected.stream().allMatch(r -> r.kind() == Kind.UNSTABLE);
    if (onlyStable) {
      return join("only safe level", rejected);
    }
    if (!within.isEmpty()) {
      return join("lowest level within " + within + " of the fastest", higher);
    }
    return higher.isEmpty() && levels > 1
        ? "fastest stable level, and the highest that was measured"
        : join("fastest stable level", higher);
  }

  static String within(Level chosen, Level best, double tolerance) {
    if (chosen.workers() == best.workers()) {
      return "";
    }
    double margin = ChoicePolicy.margin(chosen, best, tolerance);
    return margin > tolerance
        ? "the spread (" + CalibrationWords.percent(margin) + ")"
        : CalibrationWords.percent(margin);
  }

  private static String join(String lead, List<Rejected> rejected) {
    return rejected.isEmpty() ? lead : lead + ": " + Rejected.reasons(rejected);
  }

  static String none(List<Level> stable, List<Rejected> rejected) {
    if (rejected.isEmpty()) {
      return "nothing was measured";
    }
    if (stable.isEmpty()) {
      return join("no stable level", rejected);
    }
    return "no level uses memory acceptably; measure fewer than %s"
        .formatted(CalibrationWords.workers(stable.getFirst().workers()));
  }

  static List<String> notes(Level chosen) {
    if (chosen.runs() >= PROOF) {
      return List.of();
    }
    String was = chosen.workers() == 1 ? "was" : "were";
    return List.of(
        "%s %s measured %s; %d passing runs in a row prove a level stable"
            .formatted(
                CalibrationWords.workers(chosen.workers()),
                was,
                CalibrationWords.times(chosen.runs()),
                PROOF));
  }

  /// A clause when swap grew by more than the limit, else an empty text. It follows the level's
  /// number, or, when there are lower levels below, what was compared with them.
  static String swapGrowth(Level level, List<Level> ladder, Bytes limit) {
    var own = level.swapGrowth();
    if (own.isPresent()) {
      MemoryUse run = own.get();
      boolean much = run.swapGrowth().compareTo(limit) > 0;
      String lead = ladder.isEmpty() ? "made swap grow" : "swap grew";
      return much ? lead + fromTo(run.swapBefore().bytes(), run.swapAfter().bytes()) : "";
    }
    Amount after = level.swapAfter();
    var known = ladder.stream().filter(lower -> lower.swapAfter().known()).toList();
    if (!after.known() || known.isEmpty()) {
      return "";
    }
    Level last = known.getLast();
    if (after.bytes().minus(last.swapAfter().bytes()).compareTo(limit) > 0) {
      return "swap grew" + fromTo(last.swapAfter().bytes(), after.bytes());
    }
    return known.stream()
        .filter(lower -> after.bytes().minus(lower.swapAfter().bytes()).compareTo(limit) > 0)
        .findFirst()
        .map(lower ->
            "swap grew%s since %s"
                .formatted(
                    fromTo(lower.swapAfter().bytes(), after.bytes()),
                    CalibrationWords.workers(lower.workers())))
        .orElse("");
  }

  private static String fromTo(Bytes from, Bytes to) {
    return " from %s to %s".formatted(from, to);
  }
}
