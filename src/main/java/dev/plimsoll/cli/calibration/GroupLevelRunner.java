package dev.plimsoll.cli.calibration;

import dev.plimsoll.calibrate.LevelRunner;
import dev.plimsoll.calibrate.RunDocument;
import dev.plimsoll.cli.GithubReport;
import dev.plimsoll.cli.JsonText;
import dev.plimsoll.cli.Main;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs one group through `plimsoll run --group NAME --workers N` in a process of its own, so that
/// what is measured is exactly what will be used.
final class GroupLevelRunner implements LevelRunner {
  private static final int SHOWN_LINES = 15;

  private final List<String> options;
  private final Path folder;
  private final Path logs;

  /// @param options further options of `plimsoll run`
  /// @param folder where it is started
  /// @param logs folder for what it says
  GroupLevelRunner(List<String> options, Path folder, Path logs) {
    this.options = List.copyOf(options);
    this.folder = folder;
    this.logs = logs;
  }

  @Override
  public RunSummary run(String suite, int workers) {
    var command = new ArrayList<>(program());
    command.addAll(List.of("run", "--group", suite, "--workers", Integer.toString(workers)));
    command.addAll(List.of("--mode", "phased", "--json"));
    command.addAll(options);
    Path talk = logs.resolve(suite + "-" + workers + ".log");
    Path data = logs.resolve(suite + "-" + workers + ".json");
    try {
      Files.createDirectories(logs);
      int status = execute(command, talk, data);
      if (Files.size(data) == 0) {
        throw failed(suite, workers, status, talk);
      }
      return RunDocument.read(JsonText.read(data));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserError(
          "the calibration was interrupted", "", "`--continue` goes on", ExitCode.INTERRUPTED);
    }
  }

  private int execute(List<String> command, Path talk, Path data)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command);
    builder
        .environment()
        .remove(GithubReport.MARKER); // the runs of a calibration are not the job's
    Process process =
        builder
            .directory(folder.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(data.toFile())
            .redirectError(talk.toFile())
            .start();
    var stop = new Thread(process::destroy, "stop-run");
    Runtime.getRuntime().addShutdownHook(stop);
    int status = process.waitFor();
    try {
      Runtime.getRuntime().removeShutdownHook(stop);
    } catch (IllegalStateException ending) {
      return status;
    }
    return status;
  }

  /// How this program was started.
  private static List<String> program() {
    var program = new ArrayList<String>();
    program.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    program.addAll(List.of("-XX:+UseSerialGC", "-Xmx256m", "--enable-native-access=ALL-UNNAMED"));
    program.addAll(List.of("-cp", System.getProperty("java.class.path")));
    program.add(Main.class.getName());
    return program;
  }

  private static UserError failed(String suite, int workers, int status, Path talk)
      throws IOException {
    var lines = Files.readAllLines(talk);
    var last = lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size());
    return new UserError(
        "`%s` could not be run with %s".formatted(suite, CalibrationText.workers(workers)),
        String.join("\n", last),
        "`plimsoll run --group %s` must work first".formatted(suite),
        exitCode(status));
  }

  private static ExitCode exitCode(int status) {
    for (ExitCode code : ExitCode.values()) {
      if (code.code() == status && code != ExitCode.OK) {
        return code;
      }
    }
    return ExitCode.INTERNAL_ERROR;
  }
}
