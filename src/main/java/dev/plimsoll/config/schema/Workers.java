package dev.plimsoll.config.schema;

/// A number of workers, or `auto` for the number calibrated on this machine.
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
