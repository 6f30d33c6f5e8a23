package dev.plimsoll.model;

/// Why memory is short: the limit that was reached, with the two numbers that show it.
///
/// It is made where memory is sampled and travels unchanged to whoever reports it: with a kill to
/// the verdict and the reports, with a wait to the display. Only reports put it into words.
public sealed interface Shortage {
  /// The run used all that the user allows: a size, or a fraction of the machine's memory.
  record RunBudget(Bytes used, Bytes budget) implements Shortage {}

  /// Little of the machine's memory is left, and other runs of Plimsoll take part of it.
  ///
  /// @param available what can still be allocated on the machine
  /// @param reserve what Plimsoll keeps free on it
  record OtherRuns(Bytes available, Bytes reserve, dev.plimsoll.model.OtherRuns others)
      implements Shortage {}

  /// Little of the machine's memory is left.
  ///
  /// @param available what can still be allocated on the machine
  /// @param reserve what Plimsoll keeps free on it
  record MachineReserve(Bytes available, Bytes reserve) implements Shortage {}

  /// A cgroup around the run is almost full.
  ///
  /// @param cgroup its path as the system shows it
  record CgroupLimit(String cgroup, Bytes used, Bytes limit) implements Shortage {}

  /// The machine's tasks wait for memory.
  ///
  /// @param percent share of the last 10 s in which all tasks waited
  record Stall(double percent) implements Shortage {}

  /// The machine swaps in and out at once.
  record Swapping() implements Shortage {}
}
