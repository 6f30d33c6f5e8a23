package dev.plimsoll.report;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The summary of a run for the page of a job in GitHub Actions: the first screen of its report,
/// groups, memory.
public final class GithubSummary {
  /// GitHub refuses a summary of more than 1 MiB; with these limits it stays below a fifth of it.
  private static final int FAILURES = 20;

  private static final int LINES = 40;
  private static final int TEXT = 4_000;
  private static final int CAUSE = 200;
  private static final int NAMES = 100;

  private GithubSummary() {}

  /// The summary of a run.
  ///
  /// @param changes what is otherwise than in the last run on the same branch
  public static String of(RunSummary run, RunChanges changes) {
    var text =
        new StringBuilder("## ").append(MarkdownText.escape(RunText.verdict(run, Style.PLAIN)));
    text.append("\n\n");
    failures(text, run.results().stream().filter(result -> result.outcome().isRed()).toList());
    text.append(Overview.of(run, changes, GithubSummary::code));
    groups(text, run);
    memory(text, run);
    return text.toString();
  }

  private static void failures(StringBuilder text, List<TestResult> red) {
    if (red.isEmpty()) {
      return;
    }
    text.append("### Failures\n\n");
    for (TestResult result : red.subList(0, Math.min(FAILURES, red.size()))) {
      text.append("<details><summary>").append(code(result.id()));
      text.append(' ').append(result.outcome().word());
      String cause = TerminalText.fit(TerminalText.clean(FailureText.cause(result)), CAUSE);
      text.append(cause.isEmpty() ? "" : ": " + MarkdownText.escape(cause));
      text.append("</summary>\n\n").append(block(result)).append("\n</details>\n\n");
    }
    if (red.size() > FAILURES) {
      var more = red.subList(FAILURES, red.size());
      more.stream().limit(NAMES).forEach(r -> text.append("- ").append(code(r.id())).append('\n'));
      if (more.size() > NAMES) {
        text.append("- and ").append(Words.count(more.size() - NAMES, "more test")).append('\n');
      }
      text.append('\n');
    }
  }

  /// The end of the failure's text, in a fence that nothing in it can close.
  private static String block(TestResult result) {
    List<String> lines = TerminalText.block(result.text().strip(), false).lines().toList();
    String last = String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    String shown = last.substring(Math.max(0, last.length() - TEXT));
    String fence = "```";
    while (shown.contains(fence)) {
      fence += "`";
    }
    return fence + "text\n" + shown + "\n" + fence + "\n";
  }

  private static void groups(StringBuilder text, RunSummary run) {
    if (run.workers().isEmpty()) {
      return;
    }
    text.append("| group | workers | tests | failed | time of its tests | largest test |\n");
    text.append("| --- | ---: | ---: | ---: | ---: | ---: |\n");
    run.workers().entrySet().forEach(group -> text.append(group(group, run.results())));
    text.append('\n');
  }

  private static String group(Map.Entry<String, Integer> group, List<TestResult> results) {
    var own = results.stream().filter(result -> result.group().equals(group.getKey())).toList();
    long red = own.stream().filter(result -> result.outcome().isRed()).count();
    Duration time = own.stream().map(TestResult::duration).reduce(Duration.ZERO, Duration::plus);
    Bytes largest = own.stream().map(TestResult::peak).reduce(Bytes.ZERO, Bytes::max);
    return "| %s | %d | %s | %s | %s | %s |\n"
        .formatted(
            cell(MarkdownText.escape(group.getKey())),
            group.getValue(),
            Words.number(own.size()),
            Words.number(red),
            Words.time(time),
            largest.isPositive() ? largest : "");
  }

  private static void memory(StringBuilder text, RunSummary run) {
    if (run.peak().isPositive()) {
      text.append("Peak memory ").append(run.peak());
      if (run.budget().isPositive()) {
        long percent = Math.round(100.0 * run.peak().value() / run.budget().value());
        text.append(" of a budget of ").append(run.budget());
        text.append(" (").append(percent).append(" %)");
      }
      text.append(", measured by ").append(run.source().word()).append(".\n\n");
    }
    run.evidence()
        .forEach(line ->
            text.append("- ").append(MarkdownText.escape(TerminalText.clean(line))).append('\n'));
    text.append(run.evidence().isEmpty() ? "" : "\n");
  }

  private static String code(String id) {
    return "<code>" + MarkdownText.escape(TerminalText.clean(id)) + "</code>";
  }

  private static String cell(String text) {
    return text.replace("|", "&#124;").replace("\n", " ");
  }
}
