package dev.plimsoll.calibrate;

import dev.plimsoll.calibrate.Rejected.Kind;
import dev.plimsoll.model.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Say in words why a level was chosen, or none.
final class RejectionText {
  /// Runs in a row after which a level counts as proven stable (requirement R12).
  private static final int PROOF = 3;

  private RejectionText() {}

  static String chosen(
      Level chosen, Level best, List<Level> levels, List<Rejected> rejected, double tolerance) {
    var higher = rejected.stream().filter(r -> r.workers() > chosen.workers()).toList();
    String above = clauses(higher);
    boolean onlyStable = rejected.stream().allMatch(r -> r.kind() == Kind.UNSTABLE);
    if (onlyStable) {
      return join("only safe level", List.of(clauses(rejected)));
    }
    if (chosen.workers() != best.workers()) {
      return join(
          "lowest level within %s of the fastest".formatted(CalibrationWords.percent(tolerance)),
          List.of(above));
    }
    return above.isEmpty() && levels.size() > 1
        ? "fastest stable level, and the highest that was measured"
        : join("fastest stable level", List.of(above));
  }

  private static String clauses(List<Rejected> rejected) {
    return rejected.stream().map(Rejected::reason).collect(Collectors.joining("; "));
  }

  private static String join(String lead, List<String> clauses) {
    String text = clauses.stream().filter(c -> !c.isEmpty()).collect(Collectors.joining("; "));
    return text.isEmpty() ? lead : lead + ": " + text;
  }

  static String none(List<Level> stable, List<Rejected> rejected) {
    if (rejected.isEmpty()) {
      return "nothing was measured";
    }
    if (stable.isEmpty()) {
      return join("no stable level", List.of(clauses(rejected)));
    }
    return "no level uses memory acceptably; measure fewer than %s"
        .formatted(CalibrationWords.workers(stable.getFirst().workers()));
  }

  static List<String> notes(Level chosen, List<Rejected> rejected) {
    var notes = new ArrayList<String>();
    if (chosen.runs() < PROOF) {
      notes.add(
          "%d was measured %s; %d runs in a row prove a level stable"
              .formatted(chosen.workers(), CalibrationWords.times(chosen.runs()), PROOF));
    }
    for (Rejected r : rejected) {
      if (r.kind() == Kind.UNSTABLE && r.workers() < chosen.workers()) {
        notes.add(
            "%s although %d does not: the failure may be rare, so run %d more often"
                .formatted(r.reason(), chosen.workers(), chosen.workers()));
      }
    }
    return notes;
  }

  /// A clause when swap grew by more than the limit, else an empty text. It follows the level's
  /// number, or, when there are lower levels below, what was compared with them.
  static String swapGrowth(Level level, List<Level> ladder, Bytes limit) {
    var own = level.swapGrowth();
    if (own.isPresent()) {
      MemoryUse run = own.get();
      boolean much = run.swapGrowth().compareTo(limit) > 0;
      String lead = ladder.isEmpty() ? "makes swap grow" : "swap grows";
      return much ? lead + fromTo(run.swapBefore().bytes(), run.swapAfter().bytes()) : "";
    }
    Amount after = level.swapAfter();
    var known = ladder.stream().filter(lower -> lower.swapAfter().known()).toList();
    if (!after.known() || known.isEmpty()) {
      return "";
    }
    Level last = known.getLast();
    if (after.bytes().minus(last.swapAfter().bytes()).compareTo(limit) > 0) {
      return "swap grows" + fromTo(last.swapAfter().bytes(), after.bytes());
    }
    return known.stream()
        .filter(lower -> after.bytes().minus(lower.swapAfter().bytes()).compareTo(limit) > 0)
        .findFirst()
        .map(lower ->
            "swap grows%s since %s"
                .formatted(
                    fromTo(lower.swapAfter().bytes(), after.bytes()),
                    CalibrationWords.workers(lower.workers())))
        .orElse("");
  }

  private static String fromTo(Bytes from, Bytes to) {
    return " from %d to %d MB".formatted(from.toMib(), to.toMib());
  }
}
