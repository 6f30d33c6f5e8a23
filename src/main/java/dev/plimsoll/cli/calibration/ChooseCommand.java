package dev.plimsoll.cli.calibration;

import dev.plimsoll.calibrate.choice.Amount;
import dev.plimsoll.calibrate.choice.Choice;
import dev.plimsoll.calibrate.choice.ChoicePolicy;
import dev.plimsoll.calibrate.choice.Rejected;
import dev.plimsoll.calibrate.document.CalibrationDocument;
import dev.plimsoll.calibrate.document.Table;
import dev.plimsoll.calibrate.document.TableReader;
import dev.plimsoll.cli.JsonText;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import dev.plimsoll.report.TerminalText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Apply the choice of a level to measurements from a file.
@Command(
    name = "choose",
    mixinStandardHelpOptions = true,
    description = "Choose numbers of workers from a file of measurements.",
    footerHeading = "%nThe file:%n",
    footer = {
      "  {\"suites\": {\"light\": [{\"workers\": 2, \"seconds\": 81.9, \"passed\": 1704,",
      "     \"skipped\": 94, \"failed\": 0, \"swap\": 2}, ...], ...}}",
      "Each row is one run. Optional keys: part, failed_tests, errors, crashed, oom, sigkill,"
          + " timeout,",
      "ram {used, free, buff, available}, swap (a number or {before, after}), peak, machine_peak,",
      "min_available, total (all in MiB), noisy, runs (rows inside a row, or how many).",
      "",
      "Exit code 1 if a suite has no level to recommend (workers: null)."
    })
public final class ChooseCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "FILE.json",
      description = "the measurements")
  private Path from;

  @Option(names = "--json", description = "print the choices as JSON")
  private boolean json;

  @Option(
      names = "--tolerance",
      paramLabel = "PERCENT",
      defaultValue = "3",
      description =
          "treat durations within PERCENT of the fastest as equal (default: ${DEFAULT-VALUE})")
  private double tolerance;

  @Option(
      names = "--max-swap-growth",
      paramLabel = "SIZE",
      defaultValue = "256m",
      description = "reject levels whose swap usage grew by more (default: ${DEFAULT-VALUE})")
  private String swapGrowth;

  @Option(
      names = "--reserve",
      paramLabel = "SIZE",
      description =
          "memory that must stay available at the peak (default: 512m or a tenth of the memory)")
  private @Nullable String reserve;

  @Option(
      names = "--min-runs",
      paramLabel = "N",
      defaultValue = "1",
      description = "runs that a level must pass (default: ${DEFAULT-VALUE})")
  private int runs;

  @Override
  public Integer call() {
    ChoicePolicy policy = policy();
    Table table = TableReader.read(JsonText.read(from));
    var choices = new LinkedHashMap<String, Choice>();
    table.suites().forEach((suite, rows) -> choices.put(suite, policy.choose(rows)));
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? JsonText.write(Map.of("chosen", document(choices))) : text(choices));
    out.flush();
    remark(table, choices);
    boolean allFound = choices.values().stream().allMatch(Choice::found);
    return (allFound ? ExitCode.OK : ExitCode.TESTS_FAILED).code();
  }

  /// What stdout has no place for.
  private void remark(Table table, Map<String, Choice> choices) {
    PrintWriter err = spec.commandLine().getErr();
    if (json) {
      choices.forEach((suite, choice) ->
          choice.notes().forEach(note -> err.println(clean("note: " + suite + ": " + note))));
    }
    if (!table.unused().isEmpty()) {
      String keys = String.join("`, `", table.unused());
      err.println(clean("note: ignored unknown keys (see `choose --help`): `" + keys + "`"));
    }
    err.flush();
  }

  private ChoicePolicy policy() {
    if (!(tolerance >= 0 && tolerance < 100)) {
      throw usage("--tolerance", "must be a percentage from 0 to below 100");
    }
    if (runs < 1) {
      throw usage("--min-runs", "must be a positive integer");
    }
    Amount left = reserve == null ? Amount.UNKNOWN : Amount.of(size("--reserve", reserve));
    return new ChoicePolicy(tolerance / 100, size("--max-swap-growth", swapGrowth), left, runs);
  }

  private static Bytes size(String option, String text) {
    var bytes = Bytes.parse(text);
    if (bytes.isEmpty()) {
      throw usage(option, "`" + text + "` is not a size such as `512m` or `1.5g`");
    }
    return Bytes.of(bytes.getAsLong());
  }

  private static UserError usage(String option, String why) {
    return new UserError("invalid value for `" + option + "`", why, "", ExitCode.USAGE);
  }

  private static Map<String, Object> document(Map<String, Choice> choices) {
    var document = new LinkedHashMap<String, Object>();
    choices.forEach((suite, choice) -> document.put(suite, CalibrationDocument.choice(choice)));
    return document;
  }

  private static String text(Map<String, Choice> choices) {
    var text = new StringBuilder();
    choices.forEach((suite, choice) -> {
      String workers =
          !choice.found()
              ? "none"
              : choice.workers() + (choice.workers() == 1 ? " worker" : " workers");
      text.append(clean(suite)).append(": ").append(workers).append("\n");
      text.append("  why: ").append(clean(choice.reason())).append("\n");
      lines(choice).forEach(line -> text.append("  ").append(clean(line)).append("\n"));
    });
    return text.toString();
  }

  private static String clean(String text) {
    return TerminalText.clean(text);
  }

  private static List<String> lines(Choice choice) {
    var lines = new ArrayList<String>();
    for (Rejected level : choice.rejected()) {
      boolean said = level.detail().isEmpty() || level.reason().contains(level.detail());
      String detail = said ? "" : ": " + level.detail();
      lines.add("not: " + level.reason() + detail);
    }
    choice.notes().forEach(note -> lines.add("note: " + note));
    return lines;
  }
}
