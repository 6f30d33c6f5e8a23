package dev.plimsoll.model;

/// A memory limit that a control group above or around this process sets.
///
/// @param group path of the group as the system shows it
/// @param limit where the kernel starts to kill (or, for `memory.high`, to stall)
/// @param usage what is charged to the group now
/// @param inactiveFile part of the usage that the kernel gives back first
public record Ceiling(String group, Bytes limit, Bytes usage, Bytes inactiveFile) {
  /// What is charged and cannot be given back easily.
  public Bytes held() {
    return usage.minus(inactiveFile).max(Bytes.ZERO);
  }

  /// What can still be allocated below the limit; never negative.
  public Bytes headroom() {
    return limit.minus(held()).max(Bytes.ZERO);
  }
}
