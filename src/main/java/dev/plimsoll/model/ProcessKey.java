package dev.plimsoll.model;

/// Identifies a process, even after the kernel reuses its number.
///
/// @param pid number of the process
/// @param start moment it started, in clock ticks since boot (field 22 of `/proc/PID/stat`)
public record ProcessKey(long pid, long start) {
  // Keys are looked up some hundred times at each look at memory, and what a record would get for
  // these two is linked at run time and costs more.
  @Override
  public boolean equals(Object other) {
    return other instanceof ProcessKey key && key.pid == pid && key.start == start;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(pid ^ start << 22);
  }

  /// Text form `PID-START`, as used in names of groups and reservations.
  @Override
  public String toString() {
    return pid + "-" + start;
  }
}
