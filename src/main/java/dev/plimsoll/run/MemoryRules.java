package dev.plimsoll.run;

import dev.plimsoll.config.Config;
import dev.plimsoll.config.Keys;
import dev.plimsoll.config.MemoryShare;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.schedule.BudgetRule;
import dev.plimsoll.schedule.Reserve;

/// The budget and the reserve that a configuration asks for.
public record MemoryRules(Config config) {
  public BudgetRule rule() {
    return switch (config.get(Keys.MEMORY)) {
      case MemoryShare.Auto() -> new BudgetRule.Auto();
      case MemoryShare.Size(Bytes size) -> new BudgetRule.Fixed(size);
      case MemoryShare.Fraction(double part) -> new BudgetRule.Share(part);
    };
  }

  public Reserve reserve() {
    return switch (config.get(Keys.RESERVE)) {
      case MemoryShare.Auto() -> Reserve.USUAL;
      case MemoryShare.Size(Bytes size) -> new Reserve(size, 0);
      case MemoryShare.Fraction(double part) -> new Reserve(Bytes.ZERO, part);
    };
  }
}
