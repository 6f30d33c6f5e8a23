package dev.plimsoll.calibrate.choice;

import dev.plimsoll.model.Bytes;

/// An amount of memory that was taken down, or was not.
///
/// @param bytes the figure, zero when it is not known
public record Amount(boolean known, Bytes bytes) {
  public static final Amount UNKNOWN = new Amount(false, Bytes.ZERO);

  public static Amount of(Bytes bytes) {
    return new Amount(true, bytes);
  }

  /// The larger of the two; an unknown amount gives way to a known one.
  public Amount max(Amount other) {
    if (!known) {
      return other;
    }
    return other.known && other.bytes.compareTo(bytes) > 0 ? other : this;
  }

  /// The smaller of the two; an unknown amount gives way to a known one.
  public Amount min(Amount other) {
    if (!known) {
      return other;
    }
    return other.known && other.bytes.compareTo(bytes) < 0 ? other : this;
  }
}
