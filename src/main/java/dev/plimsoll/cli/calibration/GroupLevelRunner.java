package dev.plimsoll.cli.calibration;

import dev.plimsoll.calibrate.LevelRunner;
import dev.plimsoll.calibrate.document.RunDocument;
import dev.plimsoll.cli.JsonText;
import dev.plimsoll.cli.Main;
import dev.plimsoll.cli.TrialMark;
import dev.plimsoll.cli.report.GithubReport;
import dev.plimsoll.engine.CancellationToken;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.UserError;
import dev.plimsoll.process.Watchdog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Runs one group with `plimsoll run --group NAME --workers N` in a separate process, so that it
/// measures exactly what users will run.
final class GroupLevelRunner implements LevelRunner {
  private static final int SHOWN_LINES = 15;

  private final List<String> options;
  private final Path folder;
  private final Path logs;
  private final String mark;
  private final CancellationToken cancellation;
  private boolean worked;

  /// @param options further options of `plimsoll run`
  /// @param folder where it is started
  /// @param logs directory for its output
  /// @param mark identifies the processes of this calibration for the watchdog
  /// @param cancellation ends the current run
  GroupLevelRunner(
      List<String> options, Path folder, Path logs, String mark, CancellationToken cancellation) {
    this.options = List.copyOf(options);
    this.folder = folder;
    this.logs = logs;
    this.mark = mark;
    this.cancellation = cancellation;
  }

  @Override
  public RunSummary run(String suite, int workers) {
    String name = suite + "-" + workers;
    var selection = List.of("--group", suite, "--workers", Integer.toString(workers));
    RunSummary run =
        run(name, selection, (status, messages) -> failed(suite, workers, status, messages));
    try {
      refuseNothing(suite, workers, run, logs.resolve(name + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return run;
  }

  /// Run the whole suite.
  ///
  /// @param workers of each group that is calibrated
  RunSummary together(Map<String, Integer> workers) {
    var selection = new ArrayList<String>();
    workers.forEach((group, count) ->
        selection.addAll(List.of("--group", group, "--group-workers", group + "=" + count)));
    return run(
        "together",
        selection,
        (status, messages) ->
            failed(
                "could not run the whole suite",
                "`plimsoll run` must work first",
                status,
                messages));
  }

  private RunSummary run(String name, List<String> selection, Failure failure) {
    Path messages = logs.resolve(name + ".log");
    Path data = logs.resolve(name + ".json");
    try {
      var command = new ArrayList<>(program());
      command.add("run");
      command.addAll(selection);
      command.addAll(List.of("--mode", "phased", "--json"));
      command.addAll(options);
      Files.createDirectories(logs);
      int status = execute(command, messages, data);
      if (cancellation.isPulled()) {
        throw interrupted();
      }
      if (Files.size(data) == 0) {
        throw failure.of(status, messages);
      }
      return RunDocument.read(JsonText.read(data));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted();
    }
  }

  /// A first run without tests does not measure its level: the group is empty, or the arguments for
  /// pytest are wrong.
  private void refuseNothing(String suite, int workers, RunSummary run, Path messages)
      throws IOException {
    boolean none =
        run.exitCode() == ExitCode.OK.code() || run.exitCode() == ExitCode.NO_TESTS.code();
    boolean idle = run.results().stream().noneMatch(result -> result.attempts() > 0);
    if (idle && none) {
      throw new UserError(
          "`" + suite + "` cannot be calibrated",
          "it has no tests",
          "`plimsoll groups list` shows what is in each group",
          ExitCode.NO_TESTS);
    }
    if (idle && run.evidence().isEmpty() && !worked) {
      throw failed(suite, workers, run.exitCode(), messages);
    }
    worked = true;
  }

  static UserError interrupted() {
    return new UserError(
        "the calibration was interrupted",
        "the current run does not count; earlier runs are stored",
        "`--continue` resumes it",
        ExitCode.INTERRUPTED);
  }

  private int execute(List<String> command, Path messages, Path data)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put(Watchdog.MARK, mark);
    builder.environment().put(TrialMark.VARIABLE, "1");
    // The runs of a calibration do not appear in the CI job's summary.
    builder.environment().remove(GithubReport.MARKER);
    Process process =
        builder
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(data.toFile())
            .redirectError(messages.toFile())
            .start();
    var _ = cancellation.onPull().thenRun(process::destroy);
    return process.waitFor();
  }

  /// How this program was started, up to the arguments that are its own: with the same options, so
  /// that a run needs the time and the memory that it needs on its own.
  private static List<String> program() throws IOException {
    String all = Files.readString(Path.of("/proc/self/cmdline"), Charset.defaultCharset());
    var line = new ArrayList<>(List.of(all.split("\0")));
    line.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
    return line.subList(0, ownArguments(line));
  }

  /// Where the arguments begin that are the program's own: after the jar, or the name of the class,
  /// which is `MODULE/CLASS` in a package.
  private static int ownArguments(List<String> line) {
    String main = Main.class.getName();
    for (int i = 0; i < line.size(); i++) {
      if (line.get(i).equals("-jar")) {
        return i + 2;
      }
      if (line.get(i).equals(main) || line.get(i).endsWith("/" + main)) {
        return i + 1;
      }
    }
    throw new IllegalStateException("started in an unknown way: " + String.join(" ", line));
  }

  private static UserError failed(String suite, int workers, int status, Path messages)
      throws IOException {
    return failed(
        "could not run `%s` with %s".formatted(suite, CalibrationText.workers(workers)),
        "`plimsoll run --group %s` must work first".formatted(suite),
        status,
        messages);
  }

  private static UserError failed(String what, String hint, int status, Path messages)
      throws IOException {
    var lines = Files.readAllLines(messages);
    var last = lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size());
    return new UserError(what, String.join("\n", last), hint, exitCode(status));
  }

  private interface Failure {
    UserError of(int status, Path messages) throws IOException;
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
