package dev.plimsoll.config.schema;

import dev.plimsoll.model.Bytes;

/// An amount of memory: a size, a fraction of the machine's memory, or `auto`.
public sealed interface MemoryShare {
  record Auto() implements MemoryShare {}

  record Size(Bytes value) implements MemoryShare {}

  /// A fraction of the machine's memory, or of the budget: the key says of which.
  ///
  /// @param value from 0 to 1
  record Fraction(double value) implements MemoryShare {}
}
