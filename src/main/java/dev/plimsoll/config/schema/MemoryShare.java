package dev.plimsoll.config.schema;

import dev.plimsoll.model.Bytes;

/// A part of the machine's memory: a size, a share of the total, or `auto`.
public sealed interface MemoryShare {
  record Auto() implements MemoryShare {}

  record Size(Bytes value) implements MemoryShare {}

  /// A share of the total.
  ///
  /// @param value from 0 to 1
  record Fraction(double value) implements MemoryShare {}
}
