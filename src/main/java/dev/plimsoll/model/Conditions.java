package dev.plimsoll.model;

import java.time.Duration;

/// Under which conditions a test ran: what a plan over several machines needs beside its figures.
///
/// @param unit what keeps it together with other tests, empty when it is free
/// @param machine where it ran; {@link Machine#UNKNOWN} when that is the run's own machine
/// @param waited how long it was ready to run and had no processor, a part of its duration
/// @param cpu its processor time with that of its children; zero when it was not measured
public record Conditions(String unit, Machine machine, Duration waited, Duration cpu) {
  /// Nothing is known of them.
  public static final Conditions UNKNOWN =
      new Conditions("", Machine.UNKNOWN, Duration.ZERO, Duration.ZERO);

  /// The same in this unit.
  public Conditions in(String other) {
    return new Conditions(other, machine, waited, cpu);
  }

  /// The same on this machine.
  public Conditions on(Machine other) {
    return new Conditions(unit, other, waited, cpu);
  }
}
