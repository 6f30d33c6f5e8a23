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
    return measured(calibration, "Measured on %s with %s, %s.", "the %s engine");
  }

  /// The same in another language.
  ///
  /// @param sentence with `%s` for the machine, for what ran and for the day
  /// @param engine with `%s` for the name of an engine
  public static String measured(Calibration calibration, String sentence, String engine) {
    String what =
        calibration.engine().equals("command")
            ? "`" + calibration.command() + "`"
            : engine.formatted(calibration.engine());
    String day = calibration.at().toString().substring(0, 10);
    return sentence.formatted(of(calibration.machine()), what, day);
  }
}
