package dev.plimsoll.cli.calibration;

import dev.plimsoll.calibrate.Calibration;
import dev.plimsoll.calibrate.RampPlan;
import dev.plimsoll.calibrate.document.CalibrationDocument;
import dev.plimsoll.cli.JsonText;
import dev.plimsoll.config.AtomicFile;
import dev.plimsoll.files.FileTrouble;
import dev.plimsoll.history.OwnFolder;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Calibrations in files, `.plimsoll/calibration/MACHINE/SUITE.json`: results belong to a machine.
final class CalibrationStore {
  private static final String XDIST = "xdist";

  private final Path folder;

  /// Calibrations below a project.
  ///
  /// @param root the project's folder
  CalibrationStore(Path root) {
    this.folder = root.resolve(".plimsoll").resolve("calibration");
  }

  Path logs() {
    return folder.resolve("logs");
  }

  void write(Calibration calibration) {
    Path file = file(calibration.machine(), calibration.suite(), calibration.engine());
    try {
      OwnFolder.make(folder.resolveSibling(""));
      AtomicFile.write(file, JsonText.write(CalibrationDocument.write(calibration)));
    } catch (IOException e) {
      throw new UserError(
          "cannot store the calibration in `" + file + "`",
          FileTrouble.why(e),
          "make the directory writable",
          ExitCode.INTERNAL_ERROR);
    }
  }

  /// What is kept of a suite on a machine, measured with an engine.
  Optional<Calibration> read(Machine machine, String suite, String engine, RampPlan plan) {
    return Stream.of(file(machine, suite, engine), file(machine, suite))
        .filter(Files::exists)
        .map(file -> read(file, plan))
        .filter(calibration -> calibration.engine().equals(engine))
        .findFirst();
  }

  /// All calibrations of a machine, by suite.
  List<Calibration> all(Machine machine, RampPlan plan) {
    return read(List.of(folder.resolve(name(machine.key()))), plan);
  }

  /// Calibrations of every machine that has some here.
  List<Calibration> everywhere(RampPlan plan) {
    try (var machines = Files.list(folder)) {
      return read(machines.filter(f -> !f.equals(logs())).sorted().toList(), plan);
    } catch (IOException none) {
      return List.of();
    }
  }

  private static List<Calibration> read(List<Path> folders, RampPlan plan) {
    var all = new ArrayList<Calibration>();
    for (Path machine : folders) {
      files(machine).forEach(file -> all.add(read(file, plan)));
    }
    return all;
  }

  private static List<Path> files(Path machine) {
    try (var files = Files.list(machine)) {
      return files.filter(f -> f.toString().endsWith(".json")).sorted().toList();
    } catch (IOException none) {
      return List.of();
    }
  }

  private static Calibration read(Path file, RampPlan plan) {
    Object document = JsonText.read(file);
    try {
      return CalibrationDocument.read(document, plan);
    } catch (UserError e) {
      throw new UserError(
          "`" + file + "` is damaged",
          e.what() + ": " + e.why(),
          "delete the file and calibrate again",
          ExitCode.CONFIG);
    }
  }

  /// Measurements with pytest-xdist have a file of their own: both are used, and one must not take
  /// the place of the other.
  private Path file(Machine machine, String suite, String engine) {
    return file(machine, engine.equals(XDIST) ? suite + "." + XDIST : suite);
  }

  private Path file(Machine machine, String suite) {
    return folder.resolve(name(machine.key())).resolve(name(suite) + ".json");
  }

  /// A name without characters that mean something in a path.
  private static String name(String text) {
    return text.replaceAll("[^A-Za-z0-9._-]", "_").replaceAll("^\\.+", "_");
  }
}
