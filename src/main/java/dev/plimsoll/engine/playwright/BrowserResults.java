package dev.plimsoll.engine.playwright;

import dev.plimsoll.engine.MemoryObserver;
import dev.plimsoll.engine.RunnerRequest;
import dev.plimsoll.engine.playwright.ReporterMessage.Attempt;
import dev.plimsoll.engine.playwright.ReporterMessage.Ended;
import dev.plimsoll.engine.playwright.ReporterMessage.Name;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Conditions;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.TestResult;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Turns what the reporter tells into results, one for each test that Playwright knows of.
///
/// A test that is flaky in Playwright's sense (failed, then passed when it ran again) has passed,
/// with a note. A failure whose text shows that a browser or a worker died is a crash. Tests that
/// were running or waiting when the runner ended get their result from {@link #settle}.
final class BrowserResults {
  private final RunnerRequest request;
  private final Map<String, Name> known = new LinkedHashMap<>();
  private final Map<String, Running> running = new LinkedHashMap<>();
  private final Map<String, TestResult> results = new LinkedHashMap<>();
  private final Map<String, List<String>> earlier = new LinkedHashMap<>();
  private final Map<String, List<dev.plimsoll.model.Attempt>> attempts = new LinkedHashMap<>();
  private final Map<String, Integer> before = new LinkedHashMap<>();
  private final List<Path> artefacts = new ArrayList<>();

  private record Running(int worker, Instant since, int attempt) {}

  BrowserResults(RunnerRequest request) {
    this.request = request;
  }

  static String worker(int slot) {
    return slot < 0 ? "" : "pw" + slot;
  }

  void know(List<Name> tests) {
    tests.forEach(test -> known.put(test.id(), test));
  }

  void start(ReporterMessage.Started started, Instant now) {
    known.put(started.test().id(), started.test());
    running.put(started.test().id(), new Running(started.worker(), now, started.attempt()));
  }

  /// The tests that run now.
  List<String> running() {
    return List.copyOf(running.keySet());
  }

  /// An attempt that does not count; returns why it failed, in short.
  String again(Attempt attempt) {
    String reason =
        Trouble.in(attempt.text()).map(Trouble::verdict).orElseGet(() -> firstLine(attempt));
    boolean crash = Trouble.in(attempt.text()).filter(Trouble::isCrash).isPresent();
    return again(attempt, reason, crash ? Outcome.CRASHED : Outcome.FAILED);
  }

  /// The same for a death whose reason is known.
  String again(Attempt attempt, String reason) {
    return again(attempt, reason, Outcome.CRASHED);
  }

  private String again(Attempt attempt, String reason, Outcome outcome) {
    String id = attempt.test().id();
    running.remove(id);
    keep(attempt);
    attempts
        .computeIfAbsent(id, _ -> new ArrayList<>())
        .add(
            new dev.plimsoll.model.Attempt(
                outcome,
                worker(attempt.worker()),
                attempt.start(),
                attempt.duration(),
                reason,
                attempt.text()));
    earlier
        .computeIfAbsent(id, _ -> new ArrayList<>())
        .add("attempt " + (attempt.number() + before.getOrDefault(id, 0)) + ": " + reason);
    return reason;
  }

  /// What ended so far counts as attempts before: the test runs once more in a runner of its own.
  void runsAlone(Ended ended) {
    before.merge(ended.last().test().id(), ended.attempts(), Integer::sum);
  }

  /// @param finding why it died, when it did
  TestResult end(Ended ended, Optional<MemoryObserver.Finding> finding) {
    Attempt last = ended.last();
    String id = last.test().id();
    running.remove(id);
    keep(last);
    Outcome outcome = outcome(ended);
    MemoryObserver.Held held = request.care().observer().held(id);
    TestResult result =
        new TestResult(
                id,
                path(last.test()),
                request.stage(),
                outcome,
                worker(last.worker()),
                last.start(),
                last.duration(),
                held.size(),
                held.source(),
                ended.attempts() + before.getOrDefault(id, 0),
                outcome.isRed() ? text(last, finding) : "",
                reason(ended, outcome),
                notes(ended, outcome, finding))
            .after(attempts.getOrDefault(id, List.of()))
            .under(Conditions.UNKNOWN.in(last.test().unit()));
    results.put(id, result);
    return result;
  }

  /// Results for the tests that have none when the runner has ended.
  ///
  /// @param why what ended the runner, in words
  List<TestResult> settle(String why, Instant now) {
    List<TestResult> late = new ArrayList<>();
    for (Name test : known.values()) {
      if (!results.containsKey(test.id())) {
        TestResult result =
            Optional.ofNullable(running.get(test.id()))
                .map(run -> cutOff(test, run, why, now))
                .orElseGet(() -> notRun(test, why));
        results.put(test.id(), result);
        late.add(result);
      }
    }
    return late;
  }

  /// A test that died, was to run again alone and did not get to it counts as crashed.
  private TestResult notRun(Name test, String why) {
    int attempts = before.getOrDefault(test.id(), 0);
    return attempts == 0
        ? TestResult.notRun(test.id(), path(test), request.stage(), why)
        : cutOff(test, new Running(-1, Instant.EPOCH, attempts), why, Instant.EPOCH);
  }

  List<TestResult> all() {
    return List.copyOf(results.values());
  }

  List<Path> artefacts() {
    return List.copyOf(artefacts);
  }

  private TestResult cutOff(Name test, Running run, String why, Instant now) {
    return new TestResult(
        test.id(),
        path(test),
        request.stage(),
        Outcome.CRASHED,
        worker(run.worker()),
        run.since(),
        Duration.between(run.since(), now),
        Bytes.ZERO,
        PeakSource.NONE,
        run.attempt(),
        run.worker() < 0
            ? "It did not run again alone: " + why + "."
            : "The test was running when " + why + ".",
        "",
        earlier.getOrDefault(test.id(), List.of()));
  }

  private static Outcome outcome(Ended ended) {
    boolean expectedToFail = ended.expected().equals("failed");
    return switch (ended.outcome()) {
      case "expected" -> expectedToFail ? Outcome.XFAILED : Outcome.PASSED;
      case "flaky" -> Outcome.PASSED;
      case "skipped" -> ended.expected().equals("skipped") ? Outcome.SKIPPED : Outcome.NOT_RUN;
      default -> unexpected(ended);
    };
  }

  private static Outcome unexpected(Ended ended) {
    if (ended.attempts() == 0 || ended.last().status().equals("interrupted")) {
      return Outcome.NOT_RUN;
    }
    return Trouble.in(ended.last().text()).filter(Trouble::isCrash).isPresent()
        ? Outcome.CRASHED
        : Outcome.FAILED;
  }

  private static String reason(Ended ended, Outcome outcome) {
    if (outcome != Outcome.NOT_RUN || !ended.reason().isEmpty()) {
      return ended.reason();
    }
    return ended.last().status().equals("interrupted")
        ? "interrupted"
        : "not started: Playwright ended the run before, or a test it depends on failed";
  }

  private List<String> notes(
      Ended ended, Outcome outcome, Optional<MemoryObserver.Finding> finding) {
    String id = ended.last().test().id();
    List<String> notes = new ArrayList<>(earlier.getOrDefault(id, List.of()));
    if (ended.outcome().equals("flaky")) {
      notes.addFirst("flaky: passed on attempt " + ended.attempts());
    }
    if (outcome.isRed()) {
      Trouble.in(ended.last().text()).map(Trouble::verdict).ifPresent(notes::add);
      finding.map(found -> firstLine(found.text())).ifPresent(notes::add);
      ended
          .last()
          .attachments()
          .forEach(kept -> notes.add(kept.name() + ": " + shown(kept.file())));
    }
    return notes;
  }

  private void keep(Attempt attempt) {
    attempt
        .attachments()
        .forEach(attachment -> artefacts.add(request.folder().resolve(attachment.file())));
  }

  private static String text(Attempt last, Optional<MemoryObserver.Finding> finding) {
    String text =
        last.text().isEmpty() ? "Expected to fail, but ended as " + last.status() : last.text();
    String verdict = finding.map(found -> found.text() + "\n\n").orElse("");
    String output = last.output().isBlank() ? "" : "\n\nOutput:\n" + last.output();
    return verdict + text + output;
  }

  private static String firstLine(Attempt attempt) {
    return attempt.text().isEmpty() ? attempt.status() : firstLine(attempt.text());
  }

  static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  private String path(Name test) {
    return shown(request.folder().resolve(test.path()));
  }

  private String shown(Path file) {
    Path whole = request.folder().resolve(file).normalize();
    Path root = request.root();
    return whole.startsWith(root) ? root.relativize(whole).toString() : whole.toString();
  }
}
