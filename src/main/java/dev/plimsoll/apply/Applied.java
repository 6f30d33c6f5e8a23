package dev.plimsoll.apply;

import dev.plimsoll.calibrate.Calibration;

/// A calibration with a choice, and what kind of suite it is of.
public record Applied(Calibration calibration, Kind kind) {
  /// What a suite is.
  public enum Kind {
    GROUP,
    STAGE,
    /// A command line that was calibrated on its own.
    COMMAND
  }

  public String name() {
    return calibration.suite();
  }

  public int workers() {
    return calibration.choice().workers();
  }

  public boolean isGroup() {
    return kind == Kind.GROUP;
  }

  /// Whether it was measured with pytest-xdist, which is what runs without Plimsoll.
  public boolean isXdist() {
    return calibration.engine().equals("xdist");
  }

  /// What runs it with this number of workers.
  String command() {
    return switch (kind) {
      case GROUP -> "plimsoll run --group " + name();
      case STAGE -> "plimsoll run --stage " + name();
      case COMMAND ->
          calibration
              .command()
              .replace("{workers}", Integer.toString(workers()))
              .replace("{suite}", name());
    };
  }
}
