package dev.plimsoll.cli;

import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.TestResult;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.Consumer;

/// Tells a chain as it goes, in plain lines; failures at once and in full. What Playwright prints
/// stays in its file, since each test has its line here.
final class StagesTalk implements Consumer<RunEvent> {
  private final PrintWriter err;
  private boolean collected;

  StagesTalk(PrintWriter err) {
    this.err = err;
  }

  @Override
  public synchronized void accept(RunEvent event) {
    switch (event) {
      case RunEvent.GroupStarted stage -> {
        collected = false;
        err.println(
            "== "
                + stage.group()
                + ", "
                + stage.workers()
                + (stage.workers() == 1 ? " worker" : " workers"));
      }
      case RunEvent.Collected tests -> {
        collected = true;
        err.println("   " + tests.count() + " tests");
      }
      case RunEvent.Output output -> {
        if (!collected) {
          err.println("   " + output.text());
        }
      }
      case RunEvent.TestFinished finished -> finished(finished.result());
      case RunEvent.TestRetried again ->
          err.println("   again   " + again.id() + ": " + again.reason());
      case RunEvent.Note note ->
          err.println(
              (note.level() == RunEvent.Level.WARNING ? "warning: " : "note: ") + note.text());
      case RunEvent.Started _,
          RunEvent.WorkerStarted _,
          RunEvent.TestStarted _,
          RunEvent.WorkerGone _,
          RunEvent.Sampled _,
          RunEvent.Finished _ -> {}
    }
    err.flush();
  }

  private void finished(TestResult test) {
    err.println(
        String.format(
            Locale.ROOT,
            "   %-7s %s (%.1f s)%s",
            test.outcome().word(),
            test.id(),
            test.duration().toMillis() / 1000.0,
            test.reason().isEmpty() ? "" : ": " + test.reason()));
    if (test.outcome().isRed()) {
      err.println(test.text().indent(6).stripTrailing());
    }
    if (test.outcome() != Outcome.SKIPPED) {
      test.notes().forEach(note -> err.println("      " + note));
    }
  }
}
