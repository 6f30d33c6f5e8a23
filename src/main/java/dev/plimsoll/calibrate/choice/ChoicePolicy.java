package dev.plimsoll.calibrate.choice;

import dev.plimsoll.calibrate.choice.Rejected.Kind;
import dev.plimsoll.model.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// Choose the fastest stable level at an acceptable use of memory.
///
/// Tests that fail in every run with one worker are set aside (see {@link KnownFailures}), then the
/// unstable levels (see {@link Stability}) and every level above the lowest that failed: what
/// failed with fewer workers is not trusted with more. The others are walked from the fewest
/// workers up, and a *ladder* is built: a level joins it when it is faster than every level of the
/// ladder below and its use of memory is acceptable, that is, swap did not grow by more than
/// `swapGrowth` and its peak left at least the reserve. Growth is taken from the level's own
/// figures where they hold swap before and after; else it is measured against the lowest swap of a
/// level of the ladder below, so a level that was set aside never makes another one look better.
///
/// Of the ladder the lowest level is chosen whose time is as good as the top level's: within
/// `tolerance`, or within the spread of the runs of either level, of which at most {@link
/// #MOST_SPREAD} counts.
///
/// It follows that the order of rows and a level that is larger and slower than the chosen one
/// change nothing, and that an unstable level leaves the choice among those below it.
///
/// @param tolerance share of the best time within which times count as equal
/// @param swapGrowth how much swap may grow
/// @param reserve memory that a peak must leave; unknown for the larger of 512 MiB and a tenth of
///   the machine's memory
/// @param runs how many runs a level must have passed
public record ChoicePolicy(double tolerance, Bytes swapGrowth, Amount reserve, int runs) {
  public static final ChoicePolicy DEFAULT =
      new ChoicePolicy(0.03, Bytes.mib(256), Amount.UNKNOWN, 1);

  /// A wider spread does not excuse a slower level: what is given up for fewer workers has a limit.
  public static final double MOST_SPREAD = 0.10;

  private static final Bytes LEAST_RESERVE = Bytes.mib(512);

  /// Absorbs rounding when a time lies exactly on the tolerance.
  private static final double ROUNDING = 1e-9;

  public ChoicePolicy {
    if (!(tolerance >= 0 && tolerance < 1) || swapGrowth.value() < 0 || runs < 1) {
      throw new IllegalArgumentException("tolerance, swapGrowth or runs out of range");
    }
  }

  public ChoicePolicy withRuns(int required) {
    return new ChoicePolicy(tolerance, swapGrowth, reserve, required);
  }

  /// Choose among the levels of these rows.
  public Choice choose(List<Measurement> rows) {
    var known = KnownFailures.of(rows);
    var levels = Level.of(known.without(rows));
    Map<Level, Rejected> unstable = Stability.unstable(levels, runs);
    var rejected = new ArrayList<>(unstable.values());
    var trusted = new ArrayList<Level>();
    OptionalInt failed = lowestFailed(rejected);
    for (Level level : levels) {
      if (failed.isPresent() && level.workers() > failed.getAsInt()) {
        if (!unstable.containsKey(level)) {
          rejected.add(above(level.workers(), failed.getAsInt()));
        }
      } else if (!unstable.containsKey(level)) {
        trusted.add(level);
      }
    }
    return known.note(amongTrusted(levels, trusted, rejected));
  }

  private Choice amongTrusted(List<Level> levels, List<Level> trusted, List<Rejected> rejected) {
    var ladder = new ArrayList<Level>();
    for (Level level : trusted) {
      var objections = objections(level, ladder);
      if (objections.isEmpty()) {
        ladder.add(level);
      } else {
        rejected.add(rejection(level, ladder, objections));
      }
    }
    if (ladder.isEmpty()) {
      return withoutLadder(trusted, rejected);
    }
    Level best = ladder.getLast();
    Level chosen = lowestAsFast(ladder, best);
    ladder.stream()
        .filter(l -> l.workers() != chosen.workers())
        .map(l -> lower(l, chosen))
        .forEach(rejected::add);
    rejected.replaceAll(r -> r.qualified(levels, chosen.runs()));
    rejected.sort(byWorkers());
    String within = RejectionText.within(chosen, best, tolerance);
    String reason = RejectionText.chosen(chosen, levels.size(), within, rejected);
    return new Choice(chosen.workers(), reason, rejected, RejectionText.notes(chosen));
  }

  private static OptionalInt lowestFailed(List<Rejected> unstable) {
    return unstable.stream()
        .filter(level -> level.kind() == Kind.UNSTABLE)
        .mapToInt(Rejected::workers)
        .min();
  }

  private static Rejected above(int workers, int failed) {
    String predicate = "are above %d, which failed".formatted(failed);
    return new Rejected(workers, Kind.UNSTABLE, predicate, "");
  }

  /// A single worker cannot be lowered, so its use of memory rules it out only when a higher level
  /// was better; without any acceptable level nothing else is recommended.
  private static Choice withoutLadder(List<Level> stable, List<Rejected> rejected) {
    if (!stable.isEmpty() && stable.getFirst().workers() == 1) {
      var others = rejected.stream().filter(r -> r.workers() != 1).sorted(byWorkers()).toList();
      var own = rejected.stream().filter(r -> r.workers() == 1).findFirst().orElseThrow();
      String reason = "the least that can be run, though " + own.reason();
      return new Choice(1, reason, others, RejectionText.notes(stable.getFirst()));
    }
    var sorted = rejected.stream().sorted(byWorkers()).toList();
    return new Choice(0, RejectionText.none(stable, sorted), sorted, List.of());
  }

  private static Comparator<Rejected> byWorkers() {
    return Comparator.comparingInt(Rejected::workers);
  }

  private Level lowestAsFast(List<Level> ladder, Level best) {
    return ladder.stream().filter(level -> isAsFast(level, best)).findFirst().orElse(best);
  }

  private boolean isAsFast(Level level, Level best) {
    double limit = best.time().toNanos() * (1 + margin(level, best, tolerance)) * (1 + ROUNDING);
    return level.time().toNanos() <= limit;
  }

  /// By what share of the best time two levels may differ and count as equal.
  static double margin(Level level, Level best, double tolerance) {
    double spread = Math.max(level.spread(), best.spread());
    return Math.max(tolerance, Math.min(MOST_SPREAD, spread));
  }

  private List<Objection> objections(Level level, List<Level> ladder) {
    var objections = new ArrayList<Objection>();
    if (!ladder.isEmpty() && level.time().compareTo(ladder.getLast().time()) >= 0) {
      objections.add(new Objection(Kind.NO_FASTER, "were not faster"));
    }
    String swap = RejectionText.swapGrowth(level, ladder, swapGrowth);
    if (!swap.isEmpty()) {
      objections.add(new Objection(Kind.MEMORY, swap));
    }
    if (level.left().known() && level.left().bytes().compareTo(reserve(level)) < 0) {
      objections.add(
          new Objection(
              Kind.MEMORY,
              "left only %s at the peak, less than the reserve of %s"
                  .formatted(level.left().bytes().max(Bytes.ZERO), reserve(level))));
    }
    return objections;
  }

  private Bytes reserve(Level level) {
    return reserve.known()
        ? reserve.bytes()
        : LEAST_RESERVE.max(Bytes.of(level.total().bytes().value() / 10));
  }

  private static Rejected rejection(Level level, List<Level> ladder, List<Objection> objections) {
    var clauses = objections.stream().map(Objection::clause).toList();
    boolean faster = objections.getFirst().kind() != Kind.NO_FASTER && !ladder.isEmpty();
    String predicate = (faster ? "were faster but " : "") + String.join(" and ", clauses);
    String detail = ladder.isEmpty() ? "" : against(level.time(), ladder.getLast());
    return new Rejected(level.workers(), objections.getFirst().kind(), predicate, detail);
  }

  private static Rejected lower(Level level, Level chosen) {
    String detail = against(level.time(), chosen);
    if (level.workers() < chosen.workers()) {
      return new Rejected(level.workers(), Kind.SLOWER, "were slower", detail);
    }
    double gain = 1 - (double) level.time().toNanos() / chosen.time().toNanos();
    String predicate = "were only " + CalibrationWords.percent(gain) + " faster";
    return new Rejected(level.workers(), Kind.LITTLE_GAIN, predicate, detail);
  }

  private static String against(Duration time, Level other) {
    return "%s against %s with %s"
        .formatted(
            CalibrationWords.seconds(time),
            CalibrationWords.seconds(other.time()),
            CalibrationWords.workers(other.workers()));
  }

  private record Objection(Kind kind, String clause) {}
}
