package dev.plimsoll.report;

import dev.plimsoll.model.Attempt;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The summary of a run as text for people.
///
/// The most important sections come last, because users read the bottom of a terminal first. The
/// verdict is the last line.
public final class RunText {
  private static final int MOST = 5;
  private static final int LABEL = 10;

  /// Cells for the cause of a failure when the id of the test leaves too few in the line.
  private static final int LEAST_CAUSE = 40;

  /// So many red tests are all listed; of more only a part of a screen.
  private static final int MOST_RED = 100;

  private static final int SCREEN = 15;
  private static final String INDENT = " ".repeat(LABEL);

  private final RunSummary run;
  private final Style style;
  private final int width;

  private RunText(RunSummary run, Style style, int width) {
    this.run = run;
    this.style = style;
    this.width = width;
  }

  /// The whole text: figures, slowest and largest tests, retries and crashes, evidence, the list of
  /// failed tests, and {@link #verdict} as the last line.
  public static String summary(RunSummary run, Style style, int width) {
    return new RunText(run, style, width).summary();
  }

  /// The summary without the list of red tests and the verdict.
  public static String figures(RunSummary run, Style style, int width) {
    return run.showsOnly() ? "" : new RunText(run, style, width).figures();
  }

  private String summary() {
    return run.showsOnly()
        ? lastLine(run, style)
        : figures() + flaky() + red(Integer.MAX_VALUE) + lastLine(run, style);
  }

  /// What a run ends with: one line for each test that is not green, and {@link #verdict}. Figures
  /// and what was printed while it ran are in {@link #summary}.
  public static String closing(RunSummary run, Style style, int width) {
    var text = new RunText(run, style, width);
    return run.showsOnly()
        ? lastLine(run, style)
        : text.brief() + text.flaky() + text.red(MOST_RED) + lastLine(run, style);
  }

  /// The closing without the list of red tests and the verdict, for a run whose tests pytest lists
  /// and counts.
  public static String beside(RunSummary run, Style style, int width) {
    var text = new RunText(run, style, width);
    return run.showsOnly() ? "" : text.brief() + text.flaky();
  }

  /// One line for each flaky test, with what its first failure says.
  private String flaky() {
    return run.results().stream()
        .filter(TestResult::isFlaky)
        .map(result -> {
          String what =
              " %s - passed on attempt %d"
                  .formatted(TerminalText.clean(result.id()), result.attempts());
          return style.yellow("flaky") + what + firstFailure(result, "flaky" + what + ": ") + "\n";
        })
        .collect(Collectors.joining());
  }

  private String firstFailure(TestResult result, String head) {
    return result.earlier().stream()
        .filter(Attempt::failed)
        .map(attempt -> TerminalText.clean(attempt.reason()))
        .filter(reason -> !reason.isEmpty())
        .findFirst()
        .map(reason -> ": " + afterHead(head, reason))
        .orElse("");
  }

  private String brief() {
    return Stream.of(
            section("stages", PartLine.of(run.parts())),
            section("memory", memory().subList(0, 1)),
            section("not run", notRun()),
            section("unlisted", run.unlisted().stream().map(TerminalText::clean).toList()),
            section("kept", run.kept().stream().map(TerminalText::clean).toList()))
        .collect(Collectors.joining());
  }

  private String figures() {
    return Stream.of(
            section("slowest", slowest()),
            section("largest", largest()),
            section("run", run.parts().isEmpty() ? List.of(how()) : List.of()),
            section("stages", PartLine.of(run.parts())),
            section("memory", memory()),
            section("retried", retried()),
            section("evidence", run.evidence().stream().map(TerminalText::clean).toList()),
            section("not run", notRun()),
            section("unlisted", run.unlisted().stream().map(TerminalText::clean).toList()),
            section("kept", run.kept().stream().map(TerminalText::clean).toList()))
        .collect(Collectors.joining());
  }

  private String section(String label, List<String> lines) {
    if (lines.isEmpty()) {
      return "";
    }
    String head = style.bold(label) + " ".repeat(LABEL - label.length());
    return head + String.join("\n" + INDENT, lines) + "\n";
  }

  private List<String> slowest() {
    return run.results().stream()
        .filter(TestResult::ran)
        .sorted(Comparator.comparing(TestResult::duration).reversed())
        .limit(MOST)
        .map(result -> figure(Words.time(result.duration()), result.id()))
        .toList();
  }

  private List<String> largest() {
    return run.results().stream()
        .filter(result -> result.peak().compareTo(Bytes.mib(1)) >= 0)
        .sorted(Comparator.comparing(TestResult::peak).reversed())
        .limit(MOST)
        .map(result -> figure(bound(result) + result.peak(), result.id()))
        .toList();
  }

  /// A figure that is only a lower bound says so.
  static String bound(TestResult result) {
    return switch (result.source()) {
      case HWM_REUSED, KILLED, KILLED_ALONE -> ">= ";
      case CGROUP, PSS, HWM_FRESH, RSS_SUM, NONE -> "";
    };
  }

  private String figure(String figure, String id) {
    String padded = " ".repeat(Math.max(0, 12 - figure.length())) + figure + "  ";
    return padded + fit(id, LABEL + padded.length());
  }

  private String fit(String id, int before) {
    return TerminalText.fit(TerminalText.clean(id), Math.max(20, width - before - 1));
  }

  private String how() {
    String groups =
        run.workers().entrySet().stream()
            .map(group -> group.getKey() + " " + Words.count(group.getValue(), "worker"))
            .collect(Collectors.joining(", "));
    String how = run.engine() + (run.mode().isEmpty() ? "" : ", " + run.mode());
    return TerminalText.clean(groups.isEmpty() ? how : how + ": " + groups);
  }

  private List<String> memory() {
    String peak = "not measured";
    if (run.peak().isPositive()) {
      peak = "peak " + run.peak() + share() + ", measured by " + run.source().word();
    }
    String machine =
        "machine at most %s used, swap %s before, %s after"
            .formatted(run.machinePeak(), run.swapBefore(), run.after().swapUsed());
    return run.machinePeak().isPositive() ? List.of(peak, machine) : List.of(peak);
  }

  private String share() {
    if (!run.budget().isPositive()) {
      return "";
    }
    long percent = Math.round(100.0 * run.peak().value() / run.budget().value());
    return " of " + run.budget() + " (" + percent + " %)";
  }

  private List<String> retried() {
    return run.results().stream()
        .filter(result ->
            result.attempts() > 1
                || lastDeath(result).findAny().isPresent()
                || !(result.notes().isEmpty() || result.outcome().isRed()))
        .flatMap(this::retry)
        .toList();
  }

  private Stream<String> retry(TestResult result) {
    String outcome = Words.paint(result.outcome(), result.outcome().word(), style);
    String head = Words.count(result.attempts(), "attempt") + ", " + result.outcome().word();
    String shown = Words.count(result.attempts(), "attempt") + ", " + outcome;
    return Stream.concat(
        Stream.of(shown + "  " + fit(result.id(), LABEL + head.length() + 2)),
        Stream.concat(
            result.notes().stream().map(note -> "  " + TerminalText.clean(note)),
            lastDeath(result)));
  }

  /// What was printed of the death that a crashed test ended with, without stack and output.
  private static Stream<String> lastDeath(TestResult result) {
    return result.outcome() == Outcome.CRASHED
        ? result
            .text()
            .lines()
            .takeWhile(line -> !line.startsWith("--- "))
            .filter(line -> line.startsWith(" "))
            .map(TerminalText::clean)
        : Stream.empty();
  }

  /// How many tests did not run for each reason, and which of them had started.
  private List<String> notRun() {
    return run.results().stream()
        .filter(result -> result.outcome() == Outcome.NOT_RUN)
        .collect(Collectors.groupingBy(TestResult::reason, LinkedHashMap::new, Collectors.toList()))
        .entrySet()
        .stream()
        .flatMap(e -> Stream.concat(Stream.of(count(e)), begun(e.getValue())))
        .toList();
  }

  private static String count(Map.Entry<String, List<TestResult>> reason) {
    return Words.count(reason.getValue().size(), "test")
        + ": "
        + TerminalText.clean(reason.getKey());
  }

  private Stream<String> begun(List<TestResult> results) {
    return results.stream()
        .filter(result -> result.attempts() > 0)
        .map(result -> "  " + fit(result.id(), LABEL + 2));
  }

  /// One line for each red test, its id whole so that it can be copied.
  private String red(int most) {
    var red = run.results().stream().filter(result -> result.outcome().isRed()).toList();
    int shown = red.size() > most ? SCREEN : red.size();
    String rest =
        shown == red.size()
            ? ""
            : "and %s more: `plimsoll history show %s` lists them all\n"
                .formatted(Words.number(red.size() - shown), run.id());
    return red.stream()
        .limit(shown)
        .map(result ->
            Words.paint(result.outcome(), result.outcome().word(), style)
                + " "
                + TerminalText.clean(result.id())
                + cause(result)
                + "\n")
        .collect(Collectors.joining("", "", rest));
  }

  private String cause(TestResult result) {
    String cause = TerminalText.clean(FailureText.cause(result));
    String head = result.outcome().word() + " " + TerminalText.clean(result.id()) + " - ";
    return cause.isEmpty() ? "" : " - " + afterHead(head, cause);
  }

  private String afterHead(String head, String text) {
    return TerminalText.fit(text, Math.max(LEAST_CAUSE, width - TerminalText.width(head)));
  }

  /// The last line of the output of a run: its verdict. Empty if pytest only had to show its
  /// options and the like.
  public static String lastLine(RunSummary run, Style style) {
    return run.showsOnly() && run.results().isEmpty() ? "" : verdict(run, style) + "\n";
  }

  /// The one line that says how the run ended: `FAILED: 3 failed, 408 passed in 42.1 s`.
  public static String verdict(RunSummary run, Style style) {
    String counts =
        Words.counts(run.counts(), style)
            + again(run)
            + Words.also(run.also())
            + " in "
            + Words.time(run.duration());
    if (!run.interrupted().isEmpty()) {
      String why = TerminalText.clean(run.interrupted());
      String head = run.exitCode() == ExitCode.INTERRUPTED.code() ? "INTERRUPTED" : "FAILED";
      return style.red(head) + (why.equalsIgnoreCase(head) ? "" : " (" + why + ")") + ": " + counts;
    }
    if (run.showsOnly() && !run.results().isEmpty()) {
      return style.green("COLLECTED") + ": " + Words.count(run.results().size(), "test");
    }
    if (run.exitCode() == ExitCode.OK.code()) {
      return run.results().stream().anyMatch(result -> result.outcome().isRed())
          ? style.red("FAILED") + ": " + counts + " (a hook of the project set exit code 0)"
          : style.green("PASSED") + ": " + counts;
    }
    if (run.exitCode() == ExitCode.NO_TESTS.code()) {
      return style.yellow("NO TESTS")
          + (run.results().isEmpty() ? " were selected" + Words.also(run.also()) : ": " + counts);
    }
    boolean greenOnly =
        run.exitCode() == ExitCode.TESTS_FAILED.code()
            && run.results().stream().noneMatch(result -> result.outcome().isRed());
    boolean failsOnFlaky = greenOnly && run.results().stream().anyMatch(TestResult::isFlaky);
    boolean unexplained = greenOnly && !failsOnFlaky;
    return style.red("FAILED")
        + ": "
        + counts
        + (failsOnFlaky ? " (--fail-on-flaky)" : "")
        + (unexplained ? " (exit code 1, and no test failed: see above)" : meaning(run.exitCode()));
  }

  /// Tests that are green only since they were run again: flaky ones, and those whose worker died.
  private static String again(RunSummary run) {
    long flaky = run.results().stream().filter(TestResult::isFlaky).count();
    long others =
        run.results().stream()
            .filter(result -> result.ran() && result.attempts() > 1 && !result.outcome().isRed())
            .filter(result -> !result.isFlaky())
            .count();
    return (flaky == 0 ? "" : " (" + Words.number(flaky) + " flaky)")
        + (others == 0 ? "" : " (" + Words.number(others) + " at a later attempt)");
  }

  private static String meaning(int exitCode) {
    if (exitCode == ExitCode.TESTS_FAILED.code()) {
      return "";
    }
    return Stream.of(ExitCode.values())
        .filter(known -> known.code() == exitCode)
        .map(known -> " (exit code " + exitCode + ": " + known.meaning() + ")")
        .findFirst()
        .orElse(" (exit code " + exitCode + ")");
  }
}
