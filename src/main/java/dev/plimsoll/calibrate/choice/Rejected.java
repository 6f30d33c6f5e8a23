package dev.plimsoll.calibrate.choice;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// A level that was measured and not chosen.
///
/// @param predicate what it says about the workers, in the plural: `were not faster`
/// @param detail the figures behind it, may be empty
public record Rejected(int workers, Kind kind, String predicate, String detail) {
  /// Why a level was not chosen.
  public enum Kind {
    UNSTABLE("unstable"),
    INCOMPLETE("incomplete"),
    NO_FASTER("no faster"),
    MEMORY("memory"),
    SLOWER("slower"),
    LITTLE_GAIN("little gain"),
    NOT_TRIED("not tried");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  /// A clause with the level as its subject: `8 workers were not faster and swap grew from 51 MiB
  /// to 566 MiB`.
  public String reason() {
    return clause(List.of(workers), predicate);
  }

  /// The predicate, as it appears in the row of the level.
  public String note() {
    return predicate.replaceFirst("^(were|are) ", "");
  }

  /// The same, marked where its time is known from fewer runs than that of the chosen level.
  Rejected qualified(List<Level> levels, int chosenRuns) {
    int runs =
        levels.stream()
            .filter(level -> level.workers() == workers)
            .mapToInt(Level::runs)
            .findFirst()
            .orElse(0);
    boolean byTime =
        switch (kind) {
          case NO_FASTER, SLOWER, LITTLE_GAIN -> true;
          case UNSTABLE, INCOMPLETE, MEMORY, NOT_TRIED -> false;
        };
    return byTime && runs < Math.min(chosenRuns, RejectionText.PROOF)
        ? new Rejected(
            workers, kind, predicate + " (measured " + CalibrationWords.times(runs) + ")", detail)
        : this;
  }

  /// The reasons of several levels; levels with the same predicate share a clause.
  static String reasons(List<Rejected> rejected) {
    var byPredicate = new LinkedHashMap<String, List<Integer>>();
    for (Rejected level : rejected) {
      byPredicate.computeIfAbsent(level.predicate(), _ -> new ArrayList<>()).add(level.workers());
    }
    var clauses = new ArrayList<String>();
    byPredicate.forEach((predicate, levels) -> clauses.add(clause(levels, predicate)));
    return String.join("; ", clauses);
  }

  private static String clause(List<Integer> levels, String predicate) {
    boolean one = levels.equals(List.of(1));
    String said =
        one ? predicate.replaceFirst("^were ", "was ").replaceFirst("^are ", "is ") : predicate;
    return CalibrationWords.workers(levels) + " " + said;
  }

  /// The same with a reason read back; its subject is left out.
  public static Rejected read(int workers, Kind kind, String reason, String detail) {
    String predicate =
        reason.replaceFirst("^" + workers + "( workers?)? ", "").replaceFirst("^was ", "were ");
    return new Rejected(workers, kind, predicate, detail);
  }
}
