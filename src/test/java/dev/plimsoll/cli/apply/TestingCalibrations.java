package dev.plimsoll.cli.apply;

import dev.plimsoll.calibrate.Background;
import dev.plimsoll.calibrate.Calibration;
import dev.plimsoll.calibrate.RampPlan;
import dev.plimsoll.calibrate.RampState;
import dev.plimsoll.calibrate.Trial;
import dev.plimsoll.calibrate.choice.Amount;
import dev.plimsoll.calibrate.choice.Choice;
import dev.plimsoll.calibrate.choice.ChoicePolicy;
import dev.plimsoll.calibrate.choice.MemoryUse;
import dev.plimsoll.calibrate.document.CalibrationDocument;
import dev.plimsoll.cli.JsonText;
import dev.plimsoll.model.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Puts finished calibrations into a project, as `plimsoll calibrate` keeps them.
final class TestingCalibrations {
  private static final Instant AT = Instant.parse("2026-11-25T10:00:00Z");

  private TestingCalibrations() {}

  /// A calibration of a group that tried one worker and the chosen number; without a choice when
  /// that is 0.
  static void put(Path root, Machine machine, String suite, String engine, int workers, String end)
      throws IOException {
    put(root, machine, suite, suite, engine, workers, end, List.of());
  }

  /// @param file name of the file without its ending
  static void put(
      Path root, Machine machine, String file, String suite, String engine, int workers, String end)
      throws IOException {
    put(root, machine, file, suite, engine, workers, end, List.of());
  }

  /// @param files the list of the group when it was measured
  static void put(
      Path root,
      Machine machine,
      String file,
      String suite,
      String engine,
      int workers,
      String end,
      List<String> files)
      throws IOException {
    var trials = List.of(trial(1, 9), trial(Math.max(2, workers), 4));
    var plan =
        new RampPlan(List.of(1, 2), 1, Amount.UNKNOWN, false, Duration.ZERO, ChoicePolicy.DEFAULT);
    var choice = new Choice(workers, "it is the fastest stable one", List.of(), List.of());
    var calibration =
        new Calibration(
            suite,
            engine,
            "",
            machine,
            Amount.UNKNOWN,
            AT,
            "",
            files,
            3,
            new RampState(plan, trials),
            choice,
            end);
    Path folder =
        root.resolve(".plimsoll/calibration")
            .resolve(machine.key().replaceAll("[^A-Za-z0-9._-]", "_"));
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve(file + ".json"), JsonText.write(CalibrationDocument.write(calibration)));
  }

  private static Trial trial(int workers, int seconds) {
    return new Trial(
        "r" + workers,
        workers,
        Duration.ofSeconds(seconds),
        12,
        Map.of(),
        List.of(),
        MemoryUse.UNKNOWN,
        Background.UNKNOWN,
        List.of());
  }
}
