package dev.plimsoll.ui;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.report.FailureText;
import dev.plimsoll.report.RunJson;
import dev.plimsoll.report.RunText;
import dev.plimsoll.report.Style;
import dev.plimsoll.report.TerminalText;
import dev.plimsoll.report.Words;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Collectors;

/// What is said about each event: words about the run (stderr) and its result (stdout).
///
/// With `--quiet` only failures and the last line are left; with `--json` the result is one JSON
/// document at the end and failures become words.
///
/// @param width columns that the summary may use
record Talk(Style style, Verbosity verbosity, boolean json, int width) {
  /// How much is said.
  enum Verbosity {
    NORMAL,
    QUIET
  }

  private boolean quiet() {
    return verbosity == Verbosity.QUIET;
  }

  /// Text for stderr, empty when there is nothing to say; ends with a newline.
  String about(RunEvent event) {
    if (json && event instanceof RunEvent.Finished finished) {
      return quiet() ? "" : RunText.summary(finished.summary(), style, width);
    }
    String result = json ? text(event) : "";
    return result + (quiet() ? "" : words(event));
  }

  /// Text for stdout, empty when there is none.
  String result(RunEvent event) {
    if (!json) {
      return text(event);
    }
    return event instanceof RunEvent.Finished finished ? document(finished.summary()) : "";
  }

  private String text(RunEvent event) {
    return switch (event) {
      case RunEvent.TestFinished finished when finished.result().outcome().isRed() ->
          FailureText.of(finished.result(), style);
      case RunEvent.Output output -> quiet() ? "" : output.text();
      case RunEvent.Finished finished when quiet() ->
          RunText.verdict(finished.summary(), style) + "\n";
      case RunEvent.Finished finished -> RunText.summary(finished.summary(), style, width);
      default -> "";
    };
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
      case RunEvent.Collected one when one.count() == 1 && one.groups().isEmpty() -> "";
      case RunEvent.Collected collected -> line(collected(collected));
      case RunEvent.GroupStarted begun ->
          line(
              style.bold(TerminalText.clean(begun.group()))
                  + (begun.tests() == 0 ? ": " : ": " + Words.count(begun.tests(), "test") + ", ")
                  + Words.count(begun.workers(), "worker"));
      case RunEvent.TestRetried retried ->
          line(
              style.yellow("again")
                  + ": "
                  + TerminalText.clean(retried.id())
                  + reason(retried.reason()));
      case RunEvent.WorkerGone gone when !gone.verdict().isEmpty() ->
          line(
              style.yellow("worker gone")
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
    return style.bold("plimsoll")
        + ": "
        + started.engine()
        + (started.mode().isEmpty() ? "" : ", " + started.mode())
        + (", budget " + started.budget() + " of " + started.machine().memory())
        + (", " + Words.count(started.machine().cores(), "core"))
        + (kind.isEmpty() ? "" : ", " + kind)
        + (started.containment().isEmpty() ? "" : "\n  " + started.containment());
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
      case WARNING -> style.yellow("warning") + ": " + text;
    };
  }
}
