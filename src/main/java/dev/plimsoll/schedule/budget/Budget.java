package dev.plimsoll.schedule.budget;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Ceiling;
import dev.plimsoll.model.MemorySample;
import dev.plimsoll.model.OtherRuns;
import dev.plimsoll.model.Shortage;

/// How much memory the tests of a run may hold together, and what sets that bound.
///
/// `auto` is the least of: available memory less the reserve, and for each control group around us
/// its limit less what is held in it, less a little air. What the run itself holds already is added
/// to each, because it is part of "in use" there; so the same arithmetic serves before a run (held
/// is zero) and at each tick of it. A size or a share asked for by the user is never raised, and
/// never passes a group's limit either. Swap counts as nothing.
///
/// @param size never negative
public record Budget(Bytes size, Bound bound) {
  /// The budget now.
  ///
  /// @param held what the run's own processes hold at the moment of the sample
  /// @param others what other runs on this machine are about to allocate
  public static Budget of(
      BudgetRule rule, Reserve reserve, MemorySample sample, Bytes held, Bytes others) {
    Budget least =
        switch (rule) {
          case BudgetRule.Auto() -> free(reserve, sample, held, others);
          case BudgetRule.Fixed(Bytes size) -> new Budget(size, new Bound.Asked());
          case BudgetRule.Share(double part) ->
              new Budget(sample.total().times(part), new Bound.Part(part));
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

  /// What is short when this budget is used up.
  ///
  /// @param held what the run's own processes hold
  /// @param others what other runs on this machine hold and are about to allocate
  public Shortage shortage(Reserve reserve, MemorySample sample, Bytes held, OtherRuns others) {
    return switch (bound) {
      case Bound.Asked(), Bound.Part(_) -> new Shortage.RunBudget(held, size);
      case Bound.Available(_, _) -> {
        Bytes kept = reserve.of(sample.total());
        // Without them the reserve would be whole.
        boolean theirs = sample.available().plus(others.held()).compareTo(kept) >= 0;
        yield theirs && !others.equals(OtherRuns.NONE)
            ? new Shortage.OtherRuns(sample.available(), kept, others)
            : new Shortage.MachineReserve(sample.available(), kept);
      }
      case Bound.Limit(Bytes limit, String group, _) ->
          new Shortage.CgroupLimit(group, heldIn(group, sample), limit);
    };
  }

  private static Bytes heldIn(String group, MemorySample sample) {
    return sample.ceilings().stream()
        .filter(ceiling -> ceiling.group().equals(group))
        .map(Ceiling::held)
        .findFirst()
        .orElse(Bytes.ZERO);
  }

  private static Budget free(Reserve reserve, MemorySample sample, Bytes held, Bytes others) {
    Bytes kept = reserve.of(sample.total());
    return new Budget(
        notNegative(sample.available().plus(held).minus(kept).minus(others)),
        new Bound.Available(kept, others));
  }

  private static Budget below(Ceiling ceiling, Reserve reserve, Bytes held, Bytes others) {
    Bytes own = held.min(ceiling.held());
    Bytes headroom = ceiling.headroom().plus(own).min(ceiling.limit());
    return new Budget(
        notNegative(headroom.minus(reserve.below(ceiling.limit())).minus(others)),
        new Bound.Limit(ceiling.limit(), ceiling.group(), others));
  }

  private Budget lower(Budget other) {
    return other.size.compareTo(size) < 0 ? other : this;
  }

  private static Bytes notNegative(Bytes size) {
    return size.max(Bytes.ZERO);
  }
}
