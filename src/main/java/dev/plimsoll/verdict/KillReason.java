package dev.plimsoll.verdict;

import dev.plimsoll.model.Shortage;
import java.util.Optional;

/// What our own journal says about a signal to the worker; it is written before the signal is sent.
public sealed interface KillReason {
  /// We sent none.
  record None() implements KillReason {}

  /// Killed to free memory; the test runs again alone.
  record Preemption(Shortage met) implements KillReason {}

  /// Killed because the test took more than the budget although it ran alone.
  record Oversize(Shortage met) implements KillReason {}

  /// Killed because the test exceeded its time limit.
  record Timeout() implements KillReason {}

  /// Killed because its test could never go on, in a copy of the host.
  record StuckInFork() implements KillReason {}

  /// Killed because its test could never go on, in a process of its own.
  record Deadlock() implements KillReason {}

  /// Killed for a test that ended at that moment: the next one had begun.
  record Crossed() implements KillReason {}

  /// The limit that memory met, when that is why.
  default Optional<Shortage> shortage() {
    return switch (this) {
      case Preemption(Shortage met) -> Optional.of(met);
      case Oversize(Shortage met) -> Optional.of(met);
      case None(), Timeout(), StuckInFork(), Deadlock(), Crossed() -> Optional.empty();
    };
  }

  /// Whether we sent no signal.
  default boolean isNone() {
    return this instanceof None;
  }
}
