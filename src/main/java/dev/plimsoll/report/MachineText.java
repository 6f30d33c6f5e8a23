package dev.plimsoll.report;

import dev.plimsoll.calibrate.Calibration;
import dev.plimsoll.model.Machine;

/// Describes a machine and how a suite was measured on it.
public final class MachineText {
  private MachineText() {}

  /// `laptop (8 cores, 15.6 GiB, wsl2)`.
  public static String of(Machine machine) {
    String kind = machine.kind().isEmpty() ? "" : ", " + machine.kind();
    return "%s (%d cores, %s%s)".formatted(machine.name(), machine.cores(), machine.memory(), kind);
  }

  public static String measured(Calibration calibration) {
    String what =
        calibration.engine().equals("command")
            ? "`" + calibration.command() + "`"
            : "the " + calibration.engine() + " engine";
    String day = calibration.at().toString().substring(0, 10);
    return "Measured on %s with %s, %s.".formatted(of(calibration.machine()), what, day);
  }
}
