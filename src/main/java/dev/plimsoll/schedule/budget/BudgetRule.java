package dev.plimsoll.schedule.budget;

import dev.plimsoll.model.Bytes;

/// How large the user wants the memory budget to be.
public sealed interface BudgetRule {
  /// What is really free, less the reserve.
  record Auto() implements BudgetRule {}

  /// A size, as in `--memory 8g`.
  record Fixed(Bytes size) implements BudgetRule {
    public Fixed {
      if (!size.isPositive()) {
        throw new IllegalArgumentException("a budget is larger than nothing");
      }
    }
  }

  /// A part of the machine's memory, as in `--memory 60%`; above 0, at most 1.
  record Share(double part) implements BudgetRule {
    public Share {
      if (!(part > 0 && part <= 1)) {
        throw new IllegalArgumentException("a share lies above 0 and at most at 1");
      }
    }
  }
}
