package dev.plimsoll.engine.playwright;

import dev.plimsoll.engine.Halt;
import dev.plimsoll.engine.RunnerRequest;
import dev.plimsoll.engine.RunnerResult;
import dev.plimsoll.engine.StagedProcess;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunEvent.Level;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.model.UserError;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// Keeps the books of one run of Playwright: takes the reporter's messages and the runner's lines,
/// tells events, and has the result at the end.
///
/// When the first test shows that no browser can be had, the run is halted: all others would fail
/// in the same way.
final class Ledger implements Consumer<ReporterMessage> {
  /// So many browsers that did not start, before any test passed, are enough.
  private static final int HOPELESS = 3;

  private final RunnerRequest request;
  private final Consumer<RunEvent> events;
  private final Halt halt;
  private final Results results;
  private final List<String> problems = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();
  private Optional<Trouble> unusable = Optional.empty();
  private boolean begun;
  private boolean passed;
  private int launchFailures;

  Ledger(RunnerRequest request, Consumer<RunEvent> events, Halt halt) {
    this.request = request;
    this.events = events;
    this.halt = halt;
    this.results = new Results(request.stage(), request.root(), request.folder());
  }

  /// What the runner's process tells.
  synchronized void see(RunEvent event) {
    if (event instanceof RunEvent.Output output) {
      lines.add(output.text());
    }
    events.accept(event);
  }

  @Override
  public synchronized void accept(ReporterMessage message) {
    Instant now = Instant.now();
    switch (message) {
      case ReporterMessage.Hello _ -> begun = true;
      case ReporterMessage.Begin begin -> {
        results.know(begin.tests());
        int count = begin.tests().size();
        events.accept(new RunEvent.Collected(now, count, 0, Map.of(request.stage(), count), -1));
      }
      case ReporterMessage.Started started -> {
        results.start(started, now);
        events.accept(
            new RunEvent.TestStarted(
                now, started.test().id(), request.stage(), Results.worker(started.worker())));
      }
      case ReporterMessage.Again(var attempt) ->
          events.accept(
              new RunEvent.TestRetried(
                  now,
                  attempt.test().id(),
                  Results.worker(attempt.worker()),
                  results.again(attempt)));
      case ReporterMessage.Ended ended -> {
        TestResult result = results.end(ended);
        passed |= result.outcome() == Outcome.PASSED;
        events.accept(new RunEvent.TestFinished(now, result));
        Trouble.in(ended.last().text()).ifPresent(this::judge);
      }
      case ReporterMessage.Problem(var text) -> {
        problems.add(text);
        events.accept(new RunEvent.Note(now, Level.WARNING, text));
      }
      case ReporterMessage.End _ -> {}
    }
  }

  private void judge(Trouble trouble) {
    launchFailures += trouble instanceof Trouble.LaunchFailed ? 1 : 0;
    boolean missing = trouble instanceof Trouble.NoBrowser || trouble instanceof Trouble.NoVideo;
    if (missing || (launchFailures >= HOPELESS && !passed)) {
      unusable = Optional.of(trouble);
      halt.pull(trouble.verdict());
    }
  }

  /// The result, once the runner and its reporter have ended.
  ///
  /// @param neverSpoke makes the error for a runner that ended before our reporter said a word
  synchronized RunnerResult close(
      StagedProcess.Ended ended, Function<List<String>, UserError> neverSpoke) {
    if (unusable.isPresent()) {
      throw unusable(unusable.get());
    }
    if (!begun && ended.halted().isEmpty()) {
      throw neverSpoke.apply(lines);
    }
    String why = ended.halted().isEmpty() ? "Playwright ended" : ended.halted();
    Instant now = Instant.now();
    results
        .settle(why, now)
        .forEach(result -> events.accept(new RunEvent.TestFinished(now, result)));
    if (results.all().isEmpty() && ended.halted().isEmpty() && foundNothing()) {
      problems.clear();
    }
    return new RunnerResult(
        ended.status(),
        results.all(),
        problems,
        results.artefacts(),
        ended.halted(),
        request.output(),
        ended.duration());
  }

  private boolean foundNothing() {
    return problems.stream().allMatch(problem -> problem.contains("No tests found"));
  }

  private static UserError unusable(Trouble trouble) {
    return switch (trouble) {
      case Trouble.NoVideo _ ->
          new UserError(
              "Playwright cannot record video here",
              trouble.verdict(),
              "run `npx playwright install ffmpeg`, or set `video: 'off'` in the configuration",
              ExitCode.BROWSER);
      case Trouble.NoBrowser _ ->
          new UserError(
              "Playwright found no browser",
              trouble.verdict(),
              "run `npx playwright install chromium`, or name an installed browser as"
                  + " `launchOptions.executablePath` in the configuration",
              ExitCode.BROWSER);
      case Trouble.LaunchFailed _,
          Trouble.PageCrashed _,
          Trouble.BrowserGone _,
          Trouble.WorkerGone _ ->
          new UserError(
              "the browser does not start",
              "it failed for the first " + HOPELESS + " tests, and none has passed",
              "as root, and in some containers, Chromium needs `launchOptions.args:"
                  + " ['--no-sandbox']` in the configuration",
              ExitCode.BROWSER);
    };
  }
}
