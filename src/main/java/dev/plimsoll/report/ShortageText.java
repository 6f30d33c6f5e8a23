package dev.plimsoll.report;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.OtherRuns;
import dev.plimsoll.model.Shortage;
import java.util.Locale;

/// Why memory is short, in one sentence with its numbers, and what to do about it.
public final class ShortageText {
  private ShortageText() {}

  /// A sentence without a full stop, such as `the run used 1.5 GiB, its memory budget`.
  public static String of(Shortage shortage) {
    return switch (shortage) {
      case Shortage.RunBudget(var used, var budget) ->
          "the run used " + reached(used, budget, "its memory budget");
      case Shortage.OtherRuns(var available, var reserve, var others) ->
          "the machine had %s of memory left, and other runs of Plimsoll %s; the reserve is %s"
              .formatted(available, theirs(others), reserve);
      case Shortage.MachineReserve(var available, var reserve) ->
          "the machine had %s of memory left, less than the reserve of %s"
              .formatted(available, reserve);
      case Shortage.CgroupLimit(var cgroup, var used, var limit) ->
          "cgroup `%s` held %s of its memory limit of %s".formatted(cgroup, used, limit);
      case Shortage.Stall(double percent) ->
          String.format(
              Locale.ROOT,
              "all tasks of the machine were stalled for memory for %.0f %% of 10 s",
              percent);
      case Shortage.Swapping() -> "the machine swaps in and out at the same time";
    };
  }

  /// What to do when a test does not fit for this reason.
  public static String hint(Shortage shortage) {
    return switch (shortage) {
      case Shortage.RunBudget _ ->
          "make the test smaller, raise `--memory`, or let such tests run with `--allow-oversize`";
      case Shortage.OtherRuns _ ->
          "let the other runs finish first, or give each run its share with `--memory`";
      case Shortage.MachineReserve _ ->
          "stop other programs (`plimsoll doctor` lists the largest), or make the test smaller";
      case Shortage.CgroupLimit _ ->
          "raise the limit of the container or service, or make the test smaller";
      case Shortage.Stall _, Shortage.Swapping _ ->
          "use fewer workers, or stop other programs that use memory";
    };
  }

  private static String theirs(OtherRuns others) {
    String pending = others.pending().isPositive() ? "were about to take " + others.pending() : "";
    String held = others.held().isPositive() ? "held " + others.held() : "";
    return held + (held.isEmpty() || pending.isEmpty() ? "" : " and ") + pending;
  }

  /// Two sizes that read the same are one.
  private static String reached(Bytes used, Bytes limit, String name) {
    return used.toString().equals(limit.toString())
        ? used + ", " + name
        : used + ", more than " + name + " of " + limit;
  }
}
