package dev.plimsoll.run.plan;

import dev.plimsoll.config.Config;
import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.config.schema.MemoryShare;
import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.memory.containment.Containment;
import dev.plimsoll.memory.containment.ContainmentProbe;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.ProcessKey;
import dev.plimsoll.model.UserError;
import dev.plimsoll.schedule.budget.BudgetRule;
import dev.plimsoll.schedule.budget.Reserve;
import java.util.function.Consumer;
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

  /// Refuse a reserve that leaves nothing for tests, and warn of a budget that this machine does
  /// not have.
  ///
  /// @param memory of the machine, without the limits above this process
  /// @throws UserError ({@link ExitCode#CONFIG}) when the reserve is all of it
  public void check(Bytes memory, Consumer<String> warning) {
    Bytes kept = reserve().of(memory);
    if (kept.compareTo(memory) >= 0) {
      throw new UserError(
          "a reserve of " + kept + " leaves no memory for tests",
          "the machine has "
              + memory
              + "; `reserve` is set by "
              + config.origin(Keys.RESERVE).text(),
          "use a smaller reserve, or `auto`",
          ExitCode.CONFIG);
    }
    if (rule() instanceof BudgetRule.Fixed(Bytes size) && size.compareTo(memory) > 0) {
      warning.accept(
          "the memory budget of %s is more than the machine has (%s); Plimsoll uses it as given, and stops tests when the machine's memory runs out"
              .formatted(size, memory));
    }
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
