package dev.plimsoll.report;

import dev.plimsoll.calibrate.Calibration;
import dev.plimsoll.calibrate.ParallelFailure;
import dev.plimsoll.calibrate.choice.Amount;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.RamAfter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Writes the result tables of calibrations as Markdown.
public final class CalibrationMarkdown {
  private CalibrationMarkdown() {}

  /// A whole document.
  public static String document(List<Calibration> calibrations) {
    var text = new StringBuilder("# Workers for this project\n");
    for (Calibration calibration : calibrations) {
      text.append("\n## ").append(calibration.suite()).append("\n\n");
      text.append(suite(calibration));
    }
    return text.toString();
  }

  /// Choice, machine, table and findings of one suite.
  public static String suite(Calibration calibration) {
    var choice = calibration.choice();
    var text = new StringBuilder();
    if (choice.found()) {
      text.append("**").append(workers(choice.workers())).append("**: ");
    } else {
      text.append("**no level chosen**: ");
    }
    text.append(choice.reason()).append(".\n\n");
    text.append(table(LevelRow.of(calibration)));
    text.append("\n").append(MachineText.measured(calibration)).append("\n");
    choice.notes().forEach(note -> text.append("\n- ").append(note));
    for (ParallelFailure failure : ParallelFailure.of(calibration.state())) {
      text.append("\n- ").append(failure.words(calibration.engine()));
    }
    return text.append(text.charAt(text.length() - 1) == '\n' ? "" : "\n").toString();
  }

  /// Only the table.
  public static String table(List<LevelRow> rows) {
    var text = new StringBuilder();
    text.append("| workers | outcome | runs | time | spread | peak |");
    text.append(" RAM after, MiB: used / free / buff / avail | swap | verdict |\n");
    text.append("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |\n");
    for (LevelRow row : rows) {
      text.append("| ").append(row.chosen() ? "**" + row.workers() + "**" : row.workers());
      text.append(" | ").append(cell(row.outcome()));
      text.append(" | ").append(row.runs() == 0 ? "" : row.runs());
      text.append(" | ").append(row.runs() == 0 ? "" : seconds(row.median()));
      text.append(" | ").append(row.runs() < 2 ? "" : percent(row.spread()));
      text.append(" | ").append(mb(row.peak()));
      text.append(" | ").append(ram(row.after()));
      text.append(" | ").append(mb(row.swap()));
      text.append(" | ").append(cell(row.verdict())).append(" |\n");
    }
    return text.toString();
  }

  /// The rows of the levels that were run, without words: workers, runs, time, spread, peak, swap.
  public static Stream<String> figures(Calibration calibration) {
    return LevelRow.of(calibration).stream()
        .filter(row -> row.runs() > 0)
        .map(row ->
            "| %s | %d | %s | %s | %s | %s |"
                .formatted(
                    row.chosen() ? "**" + row.workers() + "**" : row.workers(),
                    row.runs(),
                    seconds(row.median()),
                    row.runs() < 2 ? "" : percent(row.spread()),
                    mb(row.peak()),
                    mb(row.swap())));
  }

  static String workers(int count) {
    return count == 1 ? "1 worker" : count + " workers";
  }

  static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toNanos() / 1e9);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", share * 100);
  }

  private static String mb(Amount amount) {
    return amount.known() ? amount.bytes().toString() : "";
  }

  private static String ram(RamAfter after) {
    if (after.equals(RamAfter.UNKNOWN)) {
      return "";
    }
    return mib(after.used())
        + " / "
        + mib(after.free())
        + " / "
        + mib(after.buffCache())
        + " / "
        + mib(after.available());
  }

  private static long mib(Bytes bytes) {
    return bytes.toMib();
  }

  /// Text that cannot end a cell or a line.
  static String cell(String text) {
    return MarkdownText.escape(text.replace("\r", "").replace("\n", " "));
  }
}
