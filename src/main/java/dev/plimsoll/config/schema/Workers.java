package dev.plimsoll.config.schema;

/// How many workers: a number, or `auto` for what was measured on this machine.
public sealed interface Workers {
  record Auto() implements Workers {}

  record Count(int value) implements Workers {
    public Count {
      if (value < 1) {
        throw new IllegalArgumentException("workers: " + value);
      }
    }
  }
}
