package dev.plimsoll.schedule.budget;

import dev.plimsoll.model.Bytes;

/// What sets a budget. A budget is made anew at each look at memory, so its reason is put into
/// words only when somebody asks.
public sealed interface Bound {
  String words();

  /// A size that the user asked for.
  record Asked() implements Bound {
    @Override
    public String words() {
      return "asked for";
    }
  }

  /// A part of the machine's memory that the user asked for, from 0 to 1.
  record Part(double part) implements Bound {
    @Override
    public String words() {
      return Math.round(part * 100) + " % of the machine's memory asked for";
    }
  }

  /// What is available.
  ///
  /// @param reserve what stays free
  /// @param others what other runs are about to use
  record Available(Bytes reserve, Bytes others) implements Bound {
    @Override
    public String words() {
      return "available memory less a reserve of " + reserve + less(others);
    }
  }

  /// The limit of a control group around us.
  ///
  /// @param others what other runs are about to use
  record Limit(Bytes limit, String group, Bytes others) implements Bound {
    @Override
    public String words() {
      return "the limit of " + limit + " of control group `" + group + "`" + less(others);
    }
  }

  private static String less(Bytes others) {
    return others.isPositive() ? ", less " + others + " that other runs are about to use" : "";
  }
}
