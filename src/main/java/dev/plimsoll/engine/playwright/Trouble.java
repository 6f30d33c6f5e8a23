package dev.plimsoll.engine.playwright;

import dev.plimsoll.engine.MemoryObserver;
import dev.plimsoll.verdict.SignalNames;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a failure's text tells beyond a failed expectation. The texts are Playwright's own, and
/// have been these since 1.20 (`browserType.launch` from `playwright-core`, `worker process exited`
/// from the runner, `Page crashed` from Chromium's `Inspector.targetCrashed`).
sealed interface Trouble {
  /// No browser there; every test would fail alike.
  record NoBrowser(String path) implements Trouble {}

  /// Video is asked for, and Playwright's own ffmpeg is not there; every test would fail alike.
  record NoVideo(String path) implements Trouble {}

  /// The `webServer` of Playwright's configuration did not start; no test runs.
  record NoServer(String text) implements Trouble {}

  /// The browser is there and did not start.
  record LaunchFailed() implements Trouble {}

  /// The process of one page died.
  record PageCrashed() implements Trouble {}

  /// The whole browser died, or was closed under the test.
  record BrowserGone() implements Trouble {}

  /// The runner's worker died.
  ///
  /// @param how what the runner saw: `code=..., signal=...`
  record WorkerGone(String how) implements Trouble {}

  Pattern MISSING = Pattern.compile("[Ee]xecutable doesn't exist at (\\S+)");
  Pattern WORKER = Pattern.compile("[Ww]orker process exited unexpectedly \\(([^)]*)\\)");

  Pattern SIGNAL = Pattern.compile("signal=(SIG\\w+)");
  Pattern CODE = Pattern.compile("code=(\\d+)");

  /// The gravest trouble that the text tells of.
  static Optional<Trouble> in(String text) {
    Matcher missing = MISSING.matcher(text);
    if (missing.find()) {
      String path = missing.group(1);
      return Optional.of(path.contains("ffmpeg") ? new NoVideo(path) : new NoBrowser(path));
    }
    Matcher worker = WORKER.matcher(text);
    if (worker.find()) {
      return Optional.of(new WorkerGone(worker.group(1)));
    }
    if (text.contains("config.webServer")) {
      return Optional.of(new NoServer(text.strip()));
    }
    if (text.contains("browserType.launch: ") || text.contains("Failed to launch")) {
      return Optional.of(new LaunchFailed());
    }
    if (text.contains("Page crashed") || text.contains("Target crashed")) {
      return Optional.of(new PageCrashed());
    }
    return text.contains("Target page, context or browser has been closed")
            || text.contains("Browser has been closed")
        ? Optional.of(new BrowserGone())
        : Optional.empty();
  }

  /// What died, when the test was taken down by something outside of it.
  default Optional<MemoryObserver.Death> death() {
    return switch (this) {
      case PageCrashed _ ->
          Optional.of(new MemoryObserver.Death.Browser("the process of its page"));
      case BrowserGone _ -> Optional.of(new MemoryObserver.Death.Browser("its browser"));
      case WorkerGone(String how) -> Optional.of(death(how));
      case NoBrowser _, NoVideo _, NoServer _, LaunchFailed _ -> Optional.empty();
    };
  }

  /// `code=null, signal=SIGKILL`, as Node.js tells it.
  private static MemoryObserver.Death death(String how) {
    Matcher signal = SIGNAL.matcher(how);
    Matcher code = CODE.matcher(how);
    return new MemoryObserver.Death.Worker(
        signal.find() ? SignalNames.number(signal.group(1)) : 0,
        code.find() ? Integer.parseInt(code.group(1)) : -1);
  }

  default boolean isCrash() {
    return death().isPresent();
  }

  /// The verdict in words.
  default String verdict() {
    return switch (this) {
      case NoBrowser(String path) -> "no browser at " + path;
      case NoVideo(String path) -> "no ffmpeg for video at " + path;
      case NoServer(String text) -> text;
      case LaunchFailed _ -> "the browser did not start";
      case PageCrashed _ -> "crash: the browser's process for this page died (renderer crash)";
      case BrowserGone _ -> "crash: the browser of this test's worker died or was closed";
      case WorkerGone(String how) -> "crash: the runner's worker process died (" + how + ")";
    };
  }
}
