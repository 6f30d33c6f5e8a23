package dev.plimsoll.report;

import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.TestResult;
import java.util.regex.Pattern;

/// The failure of one test as it is printed.
public final class FailureText {
  /// The lines of a pytest failure that state the cause begin with an `E`.
  private static final Pattern CAUSE = Pattern.compile("(?m)^E {1,}(.*)$");

  /// JavaScript's runners begin with the cause: `Error: ...`, `Test timeout of 30000ms exceeded.`
  private static final Pattern FIRST = Pattern.compile("^(\\w*Error\\b|Test timeout ).*");

  private FailureText() {}

  /// Causes begin with the name of the exception; pytest leaves that of an assertion out.
  private static final Pattern ERROR =
      Pattern.compile("^(?:[A-Za-z_]\\w*\\.)*([A-Za-z_]\\w*)(?::.*)?$", Pattern.DOTALL);

  /// The name of the exception in a one-line cause; empty when there is none.
  public static String error(String cause) {
    if (cause.startsWith("assert ")) {
      return "AssertionError";
    }
    var error = ERROR.matcher(cause.strip());
    return error.matches() ? error.group(1) : "";
  }

  /// A heading with test, worker, time and memory, then the failure with its captured output.
  public static String of(TestResult result, Style style) {
    var text = new StringBuilder();
    String word = result.outcome().word().toUpperCase(java.util.Locale.ROOT);
    text.append(style.red(style.bold(word)))
        .append(' ')
        .append(style.bold(TerminalText.clean(result.id())))
        .append(style.dim(figures(result)))
        .append('\n');
    if (!result.text().isBlank()) {
      String block = TerminalText.block(result.text().stripTrailing(), style.colour());
      text.append(block).append(style.colour() ? "\u001b[0m\n" : "\n");
    }
    boolean told = result.outcome() == Outcome.CRASHED && result.attempts() > 1;
    if (!told) { // the deaths of earlier attempts were told as they happened
      result
          .notes()
          .forEach(note -> text.append("note: ").append(TerminalText.clean(note)).append('\n'));
    }
    return text.append('\n').toString();
  }

  /// The same with the last lines of a long failure only, and how many are left out.
  public static String last(TestResult result, int most, Style style) {
    var lines = result.text().stripTrailing().lines().toList();
    int left = lines.size() - most;
    if (left <= 0) {
      return of(result, style);
    }
    String rest = String.join("\n", lines.subList(left, lines.size()));
    String note = "[%d lines left out; a run without `--quiet` prints them]\n".formatted(left);
    return of(result.withText(note + rest), style);
  }

  private static String figures(TestResult result) {
    String worker = result.worker().isEmpty() ? "" : result.worker() + ", ";
    String peak = result.peak().isPositive() ? ", " + result.peak() : "";
    String attempt = result.attempts() > 1 ? ", attempt " + result.attempts() : "";
    return "  (" + worker + Words.time(result.duration()) + peak + attempt + ")";
  }

  /// What became of a test, in one line: `[gw0] skipped test_a.py::test_b (why not)`.
  public static String line(TestResult result, Style style) {
    String worker = result.worker().isEmpty() ? "" : "[" + result.worker() + "] ";
    String reason = result.reason().isEmpty() ? "" : " (" + result.reason() + ")";
    return worker
        + Words.paint(result.outcome(), result.outcome().word(), style)
        + " "
        + TerminalText.clean(result.id() + reason)
        + "\n";
  }

  /// One line that says why: the reason if there is one (also for the death of a worker), otherwise
  /// the first line that pytest marks with `E` or that names an error itself, else the last that is
  /// not blank.
  public static String cause(TestResult result) {
    if (!result.reason().isEmpty()) {
      return result.reason();
    }
    return causeIn(result.text());
  }

  /// The line of a failure's text that says why.
  public static String causeIn(String text) {
    String plain = TerminalText.block(text, false);
    var marked = CAUSE.matcher(plain);
    if (marked.find()) {
      return marked.group(1).strip();
    }
    var first = FIRST.matcher(plain);
    return first.lookingAt()
        ? first.group().strip()
        : plain.lines().filter(line -> !line.isBlank()).reduce("", (_, last) -> last).strip();
  }
}
