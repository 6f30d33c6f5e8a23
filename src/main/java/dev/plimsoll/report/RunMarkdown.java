package dev.plimsoll.report;

import dev.plimsoll.model.Part;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// A run as Markdown: how it ended, its stages, what failed and what was kept for that.
public final class RunMarkdown {
  private RunMarkdown() {}

  /// A section for the run.
  ///
  /// @param changes what is otherwise than in the last run on the same branch
  public static String of(RunSummary run, RunChanges changes) {
    var text = new StringBuilder("\n## Run of ");
    text.append(run.start().truncatedTo(ChronoUnit.SECONDS)).append("\n\n");
    text.append(MarkdownText.code(run.commandLine())).append(": ");
    text.append(MarkdownText.escape(RunText.verdict(run, Style.PLAIN)))
        .append(memory(run))
        .append(".\n");
    appendParts(text, run.parts());
    List<TestResult> red = run.results().stream().filter(test -> test.outcome().isRed()).toList();
    if (!red.isEmpty()) {
      text.append("\n### Failures\n");
      red.forEach(test -> appendFailure(text, test));
    }
    text.append('\n').append(Overview.of(run, changes, MarkdownText::code));
    appendList(text, "Kept for failures", run.kept());
    appendList(text, "Evidence of killed processes", run.evidence());
    return text.toString();
  }

  private static String memory(RunSummary run) {
    return run.peak().isPositive()
        ? "; peak %s of %s (%s)".formatted(run.peak(), run.budget(), run.source().word())
        : "";
  }

  private static void appendParts(StringBuilder text, List<Part> parts) {
    if (parts.isEmpty()) {
      return;
    }
    text.append("\n| stage | outcome | workers | time | peak memory |\n");
    text.append("| --- | --- | ---: | ---: | ---: |\n");
    for (Part part : parts) {
      List<String> cells = PartLine.cells(part);
      text.append("| ").append(CalibrationMarkdown.cell(cells.get(0)));
      text.append(" | ").append(CalibrationMarkdown.cell(cells.get(4)));
      text.append(" | ").append(part.workers() == 0 ? "" : part.workers());
      text.append(" | ").append(cells.get(1));
      text.append(" | ").append(cells.get(2)).append(" |\n");
    }
  }

  private static void appendFailure(StringBuilder text, TestResult test) {
    text.append("\n- ").append(test.outcome().word()).append(": ");
    text.append(MarkdownText.code(test.id())).append(" - ");
    text.append(plain(FailureText.cause(test)));
    test.notes().forEach(note -> text.append("\n  - ").append(plain(note)));
    text.append('\n');
  }

  private static void appendList(StringBuilder text, String title, List<String> lines) {
    if (!lines.isEmpty()) {
      text.append("\n### ").append(title).append("\n\n");
      lines.forEach(line -> text.append("- ").append(MarkdownText.code(line)).append('\n'));
    }
  }

  private static String plain(String text) {
    return MarkdownText.escape(TerminalText.clean(text));
  }
}
