package dev.plimsoll.engine.playwright;

import dev.plimsoll.engine.CancellationToken;
import dev.plimsoll.engine.ExitWords;
import dev.plimsoll.engine.MemoryObserver;
import dev.plimsoll.engine.RunnerRequest;
import dev.plimsoll.engine.RunnerResult;
import dev.plimsoll.engine.StagedProcess;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunEvent.Level;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.model.UserError;
import dev.plimsoll.process.SteadyClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/// Keeps the books of one run of Playwright: takes the reporter's messages and the runner's lines,
/// tells events, and has the result at the end.
///
/// When the first test shows that no browser can be had, the run is halted: all others would fail
/// in the same way. A test that may have died for lack of memory is put down to run again alone, in
/// a second run of Playwright with {@link #alone}.
final class Ledger implements Consumer<ReporterMessage> {
  /// So many browsers that did not start, before any test passed, are enough.
  private static final int HOPELESS = 3;

  private final RunnerRequest request;
  private final Consumer<RunEvent> events;
  private final CancellationToken cancellation;
  private final BrowserResults results;
  private final List<String> problems = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();
  private Optional<Trouble> unusable = Optional.empty();
  private final Map<String, String> again = new LinkedHashMap<>();
  private final boolean canRunAlone;
  private Set<String> alone = Set.of();
  private boolean begun;
  private boolean over;
  private boolean passed;
  private int launchFailures;

  /// @param canRunAlone whether Playwright can be given a list of tests
  Ledger(
      RunnerRequest request,
      Consumer<RunEvent> events,
      CancellationToken cancellation,
      boolean canRunAlone) {
    this.request = request;
    this.events = events;
    this.cancellation = cancellation;
    this.canRunAlone = canRunAlone;
    this.results = new BrowserResults(request);
  }

  /// The tests that run now, in words that follow a sentence.
  synchronized String running() {
    List<String> running = results.running();
    return running.isEmpty() ? "" : ", while `" + String.join("`, `", running) + "` ran";
  }

  /// Lines of a `--test-list` for the tests that are to run again alone, from now on the only ones
  /// whose messages count.
  synchronized List<String> alone() {
    alone = Set.copyOf(again.keySet());
    List<String> lines = List.copyOf(again.values());
    again.clear();
    return lines;
  }

  private boolean counts(ReporterMessage.Name test) {
    return alone.isEmpty() || alone.contains(test.id());
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
    Instant now = SteadyClock.now();
    switch (message) {
      case ReporterMessage.Hello _ -> begun = true;
      case ReporterMessage.Begin begin when alone.isEmpty() -> begin(begin.all().tests(), now);
      case ReporterMessage.Started started when counts(started.test()) -> {
        results.start(started, now);
        events.accept(
            new RunEvent.TestStarted(
                now,
                started.test().id(),
                request.stage(),
                BrowserResults.worker(started.worker())));
      }
      case ReporterMessage.Again(var attempt) when counts(attempt.test()) ->
          retried(attempt, results.again(attempt), now);
      case ReporterMessage.Ended ended when counts(ended.last().test()) -> end(ended, now);
      case ReporterMessage.Collected _,
          ReporterMessage.Begin _,
          ReporterMessage.Started _,
          ReporterMessage.Again _,
          ReporterMessage.Ended _ -> {}
      case ReporterMessage.Problem(var text) -> {
        problems.add(text);
        events.accept(new RunEvent.Note(now, Level.WARNING, text));
        unusable = unusable.or(() -> Trouble.in(text).filter(Trouble.NoServer.class::isInstance));
      }
      case ReporterMessage.End _ -> over = true;
    }
  }

  private void begin(List<ReporterMessage.Name> tests, Instant now) {
    results.know(tests);
    int count = tests.size();
    events.accept(new RunEvent.Collected(now, count, 0, Map.of(request.stage(), count), -1, false));
  }

  private void retried(ReporterMessage.Attempt attempt, String reason, Instant now) {
    String worker = BrowserResults.worker(attempt.worker());
    events.accept(new RunEvent.TestRetried(now, attempt.test().id(), worker, reason));
  }

  private void end(ReporterMessage.Ended ended, Instant now) {
    Optional<MemoryObserver.Finding> finding = examine(ended);
    if (finding.filter(MemoryObserver.Finding::again).isPresent() && mayRunAlone(ended)) {
      again.put(ended.last().test().id(), ended.last().test().line());
      retried(ended.last(), results.again(ended.last(), verdict(ended, finding.get())), now);
      results.runsAlone(ended);
      return;
    }
    TestResult result = results.end(ended, finding);
    passed |= result.outcome() == Outcome.PASSED;
    events.accept(new RunEvent.TestFinished(now, result));
    Trouble.in(ended.last().text()).ifPresent(this::judge);
  }

  private boolean mayRunAlone(ReporterMessage.Ended ended) {
    return canRunAlone && alone.isEmpty() && !ended.last().test().line().isEmpty();
  }

  private static String verdict(ReporterMessage.Ended ended, MemoryObserver.Finding finding) {
    String crash = Trouble.in(ended.last().text()).map(Trouble::verdict).orElse("");
    return crash + "; " + BrowserResults.firstLine(finding.text());
  }

  /// Why the browser or the worker of a test died; empty when none did.
  private Optional<MemoryObserver.Finding> examine(ReporterMessage.Ended ended) {
    ReporterMessage.Attempt last = ended.last();
    return ended.outcome().equals("unexpected")
        ? Trouble.in(last.text())
            .flatMap(Trouble::death)
            .map(death ->
                request
                    .care()
                    .observer()
                    .examine(BrowserResults.worker(last.worker()), last.test().id(), death))
            .filter(found -> !found.text().isEmpty())
        : Optional.empty();
  }

  private void judge(Trouble trouble) {
    launchFailures += trouble instanceof Trouble.LaunchFailed ? 1 : 0;
    boolean missing = trouble instanceof Trouble.NoBrowser || trouble instanceof Trouble.NoVideo;
    if (missing || (launchFailures >= HOPELESS && !passed)) {
      unusable = Optional.of(trouble);
      cancellation.pull(trouble.verdict());
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
    if (!over && ended.halted().isEmpty()) {
      problems.add(cutShort(ended));
    }
    String why = over ? "Playwright ended" : cutShort(ended);
    Instant now = SteadyClock.now();
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

  /// The runner ended before it had told its end: it was halted, killed, or it crashed.
  private static String cutShort(StagedProcess.Ended ended) {
    return ended.halted().isEmpty()
        ? "Playwright's runner exited with " + ExitWords.of(ended.status())
        : ended.halted();
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
      case Trouble.NoServer _ ->
          new UserError(
              "the server under test did not start",
              trouble.verdict(),
              "it is the `webServer` of Playwright's configuration: try its command separately; as"
                  + " `[server]` in plimsoll.toml Plimsoll starts it once for all stages and keeps"
                  + " its output",
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
