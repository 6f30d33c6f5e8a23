package dev.plimsoll.cli;

import dev.plimsoll.config.AtomicFile;
import dev.plimsoll.config.Config;
import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.history.RunRecorder;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.report.JunitXml;
import dev.plimsoll.ui.Display;
import dev.plimsoll.ui.Displays;
import dev.plimsoll.ui.Streams;
import dev.plimsoll.ui.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Where the events of a run go: the terminal, the history, the curve of its memory; at its end
/// GitHub Actions.
final class Outlet implements Consumer<RunEvent>, AutoCloseable {
  private static final int KEEP_RUNS = 200;

  private final HistoryStore store;
  private final Display display;
  private final RunRecorder recorder;
  private final CurveStore curve;
  private final Path root;
  private @Nullable RunSummary finished;

  /// @param command what was asked for, for people
  /// @param warning is told what cannot be recorded
  Outlet(Config config, Displays.Wish wish, String command, Consumer<String> warning) {
    root = config.root();
    store = new HistoryStore(config.root(), InstantSource.system(), warning);
    display = Displays.open(wish, Terminal.standard(), Streams.standard());
    recorder = new RunRecorder(store, command, KEEP_RUNS, warning);
    curve = new CurveStore(config.root());
  }

  /// The history, to read from.
  HistoryStore store() {
    return store;
  }

  @Override
  public void accept(RunEvent event) {
    display.accept(event);
    recorder.accept(event);
    curve.accept(event);
    if (event instanceof RunEvent.Finished end) {
      finished = end.summary();
    }
  }

  /// Write the JUnit report of a run, when one is asked for.
  static void report(RunSummary summary, @Nullable Path file) throws IOException {
    if (file != null) {
      AtomicFile.write(file.toAbsolutePath(), JunitXml.of(summary));
    }
  }

  @Override
  public void close() {
    recorder.close();
    display.close();
    RunSummary summary = finished;
    if (summary != null) {
      GithubReport.write(
          summary,
          root,
          System.getenv(),
          line -> Streams.standard().err().append(line + "\n").flush());
    }
    store.close();
  }
}
