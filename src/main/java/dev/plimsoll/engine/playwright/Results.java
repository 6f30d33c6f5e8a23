package dev.plimsoll.engine.playwright;

import dev.plimsoll.engine.playwright.ReporterMessage.Attempt;
import dev.plimsoll.engine.playwright.ReporterMessage.Ended;
import dev.plimsoll.engine.playwright.ReporterMessage.Name;
import dev.plimsoll.model.Bytes;
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
final class Results {
  private final String stage;
  private final Path root;
  private final Path folder;
  private final Map<String, Name> known = new LinkedHashMap<>();
  private final Map<String, Running> running = new LinkedHashMap<>();
  private final Map<String, TestResult> results = new LinkedHashMap<>();
  private final Map<String, List<String>> earlier = new LinkedHashMap<>();
  private final List<Path> artefacts = new ArrayList<>();

  private record Running(int worker, Instant since, int attempt) {}

  /// @param folder where the runner runs; the tests' paths are relative to it
  Results(String stage, Path root, Path folder) {
    this.stage = stage;
    this.root = root;
    this.folder = folder;
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

  /// An attempt that does not count; returns why it failed, in short.
  String again(Attempt attempt) {
    running.remove(attempt.test().id());
    keep(attempt);
    String reason =
        Trouble.in(attempt.text()).map(Trouble::verdict).orElseGet(() -> firstLine(attempt));
    earlier
        .computeIfAbsent(attempt.test().id(), _ -> new ArrayList<>())
        .add("attempt " + attempt.number() + ": " + reason);
    return reason;
  }

  TestResult end(Ended ended) {
    Attempt last = ended.last();
    running.remove(last.test().id());
    keep(last);
    Outcome outcome = outcome(ended);
    TestResult result =
        new TestResult(
            last.test().id(),
            path(last.test()),
            stage,
            outcome,
            worker(last.worker()),
            last.start(),
            last.duration(),
            Bytes.ZERO,
            PeakSource.NONE,
            ended.attempts(),
            outcome.isRed() ? text(last) : "",
            reason(ended, outcome),
            notes(ended, outcome));
    results.put(result.id(), result);
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
                .orElseGet(() -> TestResult.notRun(test.id(), path(test), stage, why));
        results.put(test.id(), result);
        late.add(result);
      }
    }
    return late;
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
        stage,
        Outcome.CRASHED,
        worker(run.worker()),
        run.since(),
        Duration.between(run.since(), now),
        Bytes.ZERO,
        PeakSource.NONE,
        run.attempt(),
        "The test was running when " + why + ".",
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

  private List<String> notes(Ended ended, Outcome outcome) {
    List<String> notes = new ArrayList<>(earlier.getOrDefault(ended.last().test().id(), List.of()));
    if (ended.outcome().equals("flaky")) {
      notes.addFirst("flaky: passed at attempt " + ended.attempts());
    }
    if (outcome.isRed()) {
      Trouble.in(ended.last().text()).map(Trouble::verdict).ifPresent(notes::add);
      ended
          .last()
          .attachments()
          .forEach(kept -> notes.add(kept.name() + ": " + shown(kept.file())));
    }
    return notes;
  }

  private void keep(Attempt attempt) {
    attempt.attachments().forEach(attachment -> artefacts.add(folder.resolve(attachment.file())));
  }

  private static String text(Attempt last) {
    String text =
        last.text().isEmpty() ? "Expected to fail, but ended as " + last.status() : last.text();
    return last.output().isBlank() ? text : text + "\n\nOutput:\n" + last.output();
  }

  private static String firstLine(Attempt attempt) {
    return attempt.text().lines().findFirst().orElse(attempt.status());
  }

  private String path(Name test) {
    return shown(folder.resolve(test.path()));
  }

  private String shown(Path file) {
    Path whole = folder.resolve(file).normalize();
    return whole.startsWith(root) ? root.relativize(whole).toString() : whole.toString();
  }
}
