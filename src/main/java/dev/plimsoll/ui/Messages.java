package dev.plimsoll.ui;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.report.DeathText;
import dev.plimsoll.report.FailureText;
import dev.plimsoll.report.RunText;
import dev.plimsoll.report.Style;
import dev.plimsoll.report.TerminalText;
import dev.plimsoll.report.Words;
import dev.plimsoll.report.json.RunJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;

/// Prints each event: progress and warnings to stderr, results to stdout.
///
/// With `--quiet` it prints only failures, the last line, and pytest's output if no failed test
/// explains the exit code. With `--json` the result is one JSON document at the end, and failures
/// go to stderr.
final class Messages {
  /// How much of pytest's output to keep for that.
  private static final int KEPT = 100_000;

  /// Failures that are shown whole.
  private static final int SHOWN = 100;

  /// Lines of a failure that `--quiet` prints.
  private static final int QUIET_LINES = 100;

  private final Style style;
  private final Style spoken;
  private final Verbosity verbosity;
  private final Form form;
  private final IntSupplier width;
  private final StringBuilder printed = new StringBuilder();
  private int failures;
  private boolean serial;
  private boolean verbose;

  /// @param style of the result
  /// @param spoken style of text on stderr, which may be a different terminal or none
  /// @param width columns for the summary, read when it is written
  Messages(Style style, Style spoken, Verbosity verbosity, Form form, IntSupplier width) {
    this.style = style;
    this.spoken = spoken;
    this.verbosity = verbosity;
    this.form = form;
    this.width = width;
  }

  /// How much to print.
  enum Verbosity {
    NORMAL,
    QUIET
  }

  /// What standard output carries.
  enum Form {
    TEXT,
    JSON,
    PYTEST
  }

  boolean quiet() {
    return verbosity == Verbosity.QUIET;
  }

  /// Whether pytest has the terminal to itself, for a debugger: it shows failures, and nothing else
  /// prints nothing between the first test and the last.
  boolean isSerial() {
    return serial;
  }

  /// Text for stderr, which ends with a newline, or an empty string.
  String about(RunEvent event) {
    if (event instanceof RunEvent.Started started) {
      serial = started.engine().equals("serial");
    } else if (event instanceof RunEvent.Collected collected) {
      verbose = collected.verbose() && !quiet();
    }
    if (event instanceof RunEvent.Finished finished) {
      return atEnd(finished.summary());
    }
    String result = form == Form.JSON ? text(event) : "";
    return result + (quiet() ? "" : words(event));
  }

  private String atEnd(RunSummary summary) {
    return switch (form) {
      case TEXT -> "";
      case JSON -> quiet() ? unexplained(summary) : ending(summary);
      case PYTEST -> quiet() ? "" : beside(summary);
    };
  }

  /// Text for stdout, empty when there is none.
  String result(RunEvent event) {
    return switch (form) {
      case TEXT -> text(event);
      case JSON -> event instanceof RunEvent.Finished finished ? document(finished.summary()) : "";
      case PYTEST -> pytestText(event);
    };
  }

  /// pytest itself prints what failed, at its end.
  private String pytestText(RunEvent event) {
    return switch (event) {
      case RunEvent.TestFinished finished when verbose ->
          FailureText.line(finished.result(), style);
      case RunEvent.Output output -> output.text();
      default -> "";
    };
  }

  private String text(RunEvent event) {
    return switch (event) {
      case RunEvent.TestFinished ignored when serial -> "";
      case RunEvent.TestFinished finished when finished.result().outcome().isRed() ->
          failure(finished.result());
      case RunEvent.TestFinished finished when verbose ->
          FailureText.line(finished.result(), style);
      case RunEvent.Output output when quiet() -> keep(output.text());
      case RunEvent.Output output -> output.text();
      case RunEvent.Finished finished when quiet() ->
          unexplained(finished.summary()) + RunText.lastLine(finished.summary(), style);
      case RunEvent.Finished finished -> ending(finished.summary());
      default -> "";
    };
  }

  private String beside(RunSummary run) {
    int columns = width.getAsInt();
    return verbose ? RunText.figures(run, spoken, columns) : RunText.beside(run, spoken, columns);
  }

  private String ending(RunSummary run) {
    int columns = width.getAsInt();
    return verbose ? RunText.summary(run, style, columns) : RunText.closing(run, style, columns);
  }

  /// The first failures as they come; of the rest only that there are more.
  private String failure(TestResult result) {
    failures++;
    return failures <= SHOWN
        ? (quiet() ? FailureText.last(result, QUIET_LINES, style) : shown(result))
        : failures == SHOWN + 1
            ? SHOWN + " failures are shown above; further ones are only counted here\n"
            : "";
  }

  /// What a command prints is shown while it runs, so its failure does not repeat it.
  private String shown(TestResult result) {
    String first = result.text().lines().findFirst().orElse("");
    return FailureText.of(result.isCommand() ? result.withText(first) : result, style);
  }

  private String keep(String text) {
    printed.append(text);
    printed.delete(0, Math.max(0, printed.length() - KEPT));
    return "";
  }

  /// pytest's output, if the run failed without a failed test, if a file could not be collected, or
  /// if pytest only had to show something.
  private String unexplained(RunSummary run) {
    var red = run.results().stream().filter(result -> result.outcome().isRed()).toList();
    boolean explained =
        (run.exitCode() == ExitCode.OK.code() && !run.showsOnly())
            || run.exitCode() == ExitCode.NO_TESTS.code()
            || (!red.isEmpty() && red.stream().allMatch(result -> result.attempts() > 0));
    return explained ? "" : printed.toString();
  }

  private static String document(RunSummary summary) {
    try {
      return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(RunJson.tree(summary)) + "\n";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String words(RunEvent event) {
    return switch (event) {
      case RunEvent.Started started -> line(header(started));
      case RunEvent.Collected one when serial || (one.count() == 1 && one.groups().isEmpty()) -> "";
      case RunEvent.Collected collected -> line(collected(collected));
      case RunEvent.GroupStarted begun ->
          line(
              spoken.bold(TerminalText.clean(begun.group()))
                  + (begun.tests() == 0 ? ": " : ": " + Words.count(begun.tests(), "test") + ", ")
                  + Words.count(begun.workers(), "worker"));
      case RunEvent.TestRetried retried ->
          line(
              spoken.yellow("again")
                  + ": "
                  + TerminalText.clean(retried.id())
                  + reason(retried.reason()));
      case RunEvent.Died died -> DeathText.of(died.death(), spoken);
      case RunEvent.WorkerGone gone when !gone.verdict().isEmpty() ->
          line(
              spoken.yellow("worker gone")
                  + (": " + TerminalText.clean(gone.worker()) + " (pid " + gone.pid() + ")")
                  + reason(gone.verdict()));
      case RunEvent.Note note -> line(note(note));
      default -> "";
    };
  }

  private static String line(String text) {
    return text.isEmpty() ? "" : text + "\n";
  }

  private static String reason(String reason) {
    return reason.isEmpty() ? "" : ": " + TerminalText.clean(reason);
  }

  private String header(RunEvent.Started started) {
    String kind = started.machine().kind();
    return spoken.bold("plimsoll")
        + ": "
        + started.engine()
        + (started.mode().isEmpty() ? "" : ", " + started.mode())
        + (", budget " + started.budget() + " of " + started.machine().memory())
        + (", " + Words.count(started.machine().cores(), "core"))
        + (kind.isEmpty() ? "" : ", " + kind)
        + (started.containment().isEmpty() ? "" : "\n  containment: " + started.containment());
  }

  private static String collected(RunEvent.Collected collected) {
    String groups =
        collected.groups().entrySet().stream()
            .filter(group -> group.getValue() > 0 && !group.getKey().isEmpty())
            .map(group -> group.getKey() + " " + Words.number(group.getValue()))
            .collect(Collectors.joining(", "));
    String deselected =
        collected.deselected() == 0
            ? ""
            : ", " + Words.number(collected.deselected()) + " deselected";
    String count = Words.count(collected.count(), "test") + deselected;
    return groups.isEmpty() ? count : count + ": " + TerminalText.clean(groups);
  }

  private String note(RunEvent.Note note) {
    String text = TerminalText.block(note.text().stripTrailing(), false);
    return switch (note.level()) {
      case INFO -> text;
      case WARNING -> spoken.yellow("warning") + ": " + text;
      case ERROR -> spoken.red("error") + ": " + text;
    };
  }
}
