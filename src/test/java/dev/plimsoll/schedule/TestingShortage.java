package dev.plimsoll.schedule;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Shortage;
import java.util.Optional;

/// A reason for states of memory that are not calm.
final class TestingShortage {
  static final Shortage SHORT = new Shortage.RunBudget(Bytes.gib(2), Bytes.gib(1));

  private TestingShortage() {}

  static Optional<Shortage> of(Memory.State state) {
    return state == Memory.State.CALM ? Optional.empty() : Optional.of(SHORT);
  }
}
