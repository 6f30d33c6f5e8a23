package dev.plimsoll.calibrate;

import dev.plimsoll.calibrate.choice.Amount;
import dev.plimsoll.calibrate.choice.Choice;
import dev.plimsoll.model.Machine;
import java.time.Instant;

/// Everything that is kept of the calibration of one suite on one machine.
///
/// @param engine `fork`, `spawn`, `xdist`, `playwright` or `command`
/// @param command the command line with `{workers}` in it, empty for other engines
/// @param budget what a run could take on this machine then
/// @param at moment of the last run
/// @param code state of the code that ran last, empty when it is not known
/// @param together how many times in a row the whole suite passed at the chosen levels
/// @param end what ended the ramp, empty while it may go on
/// @param choice the level chosen, without one while `end` is empty
public record Calibration(
    String suite,
    String engine,
    String command,
    Machine machine,
    Amount budget,
    Instant at,
    String code,
    int together,
    RampState state,
    Choice choice,
    String end) {
  public boolean finished() {
    return !end.isEmpty();
  }
}
