package dev.plimsoll.run.plan;

import dev.plimsoll.config.Config;
import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.config.schema.MemoryShare;
import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.memory.containment.Containment;
import dev.plimsoll.memory.containment.ContainmentProbe;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ProcessKey;
import dev.plimsoll.schedule.BudgetRule;
import dev.plimsoll.schedule.Reserve;
import java.util.function.Predicate;

/// The budget, the reserve and the containment that a configuration asks for.
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

  /// The best containment here.
  ///
  /// @param self this process
  /// @throws dev.plimsoll.model.UserError when it is required and there is none
  public Containment containment(ProcessKey self, Predicate<ProcessKey> isAlive) {
    return required(found(self, isAlive));
  }

  /// The best containment here, whatever is configured.
  static Containment found(ProcessKey self, Predicate<ProcessKey> isAlive) {
    return new ContainmentProbe(SystemRoot.system(), self, isAlive).find(System.getenv());
  }

  /// The containment that was found, insisted on when the user does.
  ///
  /// @throws dev.plimsoll.model.UserError when it is required and there is none
  public Containment required(Containment found) {
    return config.get(Keys.REQUIRE_CONTAINMENT) ? found.require() : found;
  }
}
