package dev.plimsoll.run.plan;

import dev.plimsoll.model.Machine;
import java.time.LocalDate;

/// The number of workers that calibration chose for a group or a stage.
public record MeasuredWorkers(int value, Machine machine, LocalDate on) {
  WorkerCount here() {
    return new WorkerCount(value, "calibrated on this machine on " + on);
  }
}
