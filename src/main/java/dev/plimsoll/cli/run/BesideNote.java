package dev.plimsoll.cli.run;

import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.learn.BesideOthers;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.report.TerminalText;
import java.util.function.Consumer;

/// Says after a run which failed tests pass with one worker, as the recorded runs of the same code
/// show.
///
/// @param tell receives a line
record BesideNote(HistoryStore store, Consumer<String> tell) implements Consumer<RunSummary> {
  /// Tests that are looked up and named: when more fail, the code is at fault and not the level.
  private static final int MOST = 5;

  @Override
  public void accept(RunSummary run) {
    var failed = run.results().stream().filter(BesideNote::failed).toList();
    if (failed.isEmpty() || failed.size() > MOST) {
      return;
    }
    for (TestResult test : failed) {
      BesideOthers.of(test.id(), run.workersOf(test.group()), store.sameCode(run.id(), test.id()))
          .ifPresent(found -> {
            tell.accept("note: " + TerminalText.clean(found.words()));
            tell.accept("  hint: `plimsoll diagnose` finds the tests that disturb it; the next");
            tell.accept(
                "        `plimsoll calibrate "
                    + TerminalText.clean(test.group())
                    + " --continue` counts this failure");
          });
    }
  }

  private static boolean failed(TestResult test) {
    return test.outcome() == Outcome.FAILED || test.outcome() == Outcome.ERROR;
  }
}
