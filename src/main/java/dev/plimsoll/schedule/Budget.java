package dev.plimsoll.schedule;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Ceiling;
import dev.plimsoll.model.MemorySample;

/// How much memory the tests of a run may hold together, and what sets that bound.
///
/// `auto` is the least of: available memory less the reserve, and for each control group around us
/// its limit less what is held in it, less a little air. What the run itself holds already is added
/// to each, because it is part of "in use" there; so the same arithmetic serves before a run (held
/// is zero) and at each tick of it. A size or a share asked for by the user is never raised, and
/// never passes a group's limit either. Swap counts as nothing.
///
/// @param size never negative
/// @param bound what sets it, in words
public record Budget(Bytes size, String bound) {
  /// The budget now.
  ///
  /// @param held what the run's own processes hold at the moment of the sample
  /// @param others what other runs on this machine are about to allocate
  public static Budget of(
      BudgetRule rule, Reserve reserve, MemorySample sample, Bytes held, Bytes others) {
    Budget least =
        switch (rule) {
          case BudgetRule.Auto() -> free(reserve, sample, held, others);
          case BudgetRule.Fixed(Bytes size) -> new Budget(size, "asked for");
          case BudgetRule.Share(double part) -> new Budget(sample.total().times(part), share(part));
        };
    if (others.isPositive()) {
      least = least.lower(free(reserve, sample, held, others));
    }
    for (Ceiling ceiling : sample.ceilings()) {
      least = least.lower(below(ceiling, reserve, held, others));
    }
    return least;
  }

  /// Whether memory of this size can be planned with.
  public boolean fits(Bytes wanted) {
    return wanted.compareTo(size) <= 0;
  }

  private static Budget free(Reserve reserve, MemorySample sample, Bytes held, Bytes others) {
    Bytes kept = reserve.of(sample.total());
    return new Budget(
        notNegative(sample.available().plus(held).minus(kept).minus(others)),
        "available memory less a reserve of " + kept + lessOthers(others));
  }

  private static Budget below(Ceiling ceiling, Reserve reserve, Bytes held, Bytes others) {
    Bytes own = held.min(ceiling.held());
    Bytes room = ceiling.room().plus(own).min(ceiling.limit());
    return new Budget(
        notNegative(room.minus(reserve.below(ceiling.limit())).minus(others)),
        "the limit of "
            + ceiling.limit()
            + " of control group `"
            + ceiling.group()
            + "`"
            + lessOthers(others));
  }

  private Budget lower(Budget other) {
    return other.size.compareTo(size) < 0 ? other : this;
  }

  private static String lessOthers(Bytes others) {
    return others.isPositive() ? ", less " + others + " that other runs are about to use" : "";
  }

  private static Bytes notNegative(Bytes size) {
    return size.max(Bytes.ZERO);
  }

  private static String share(double part) {
    return Math.round(part * 100) + " % of the machine's memory asked for";
  }
}
