package dev.plimsoll.model;

/// A process that cannot be taken for a later one with the same number.
///
/// @param pid number of the process
/// @param start moment it started, in clock ticks since boot (field 22 of `/proc/PID/stat`)
public record ProcessKey(long pid, long start) {
  /// Text form `PID-START`, as used in names of groups and reservations.
  @Override
  public String toString() {
    return pid + "-" + start;
  }
}
