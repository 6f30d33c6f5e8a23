package dev.plimsoll.cli;

import dev.plimsoll.cli.report.CurveStore;
import dev.plimsoll.cli.report.GithubReport;
import dev.plimsoll.cli.report.JunitReport;
import dev.plimsoll.cli.report.ReportFile;
import dev.plimsoll.cli.report.RunReport;
import dev.plimsoll.config.Config;
import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.history.RunRecorder;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.UserError;
import dev.plimsoll.ui.Display;
import dev.plimsoll.ui.Displays;
import dev.plimsoll.ui.Streams;
import dev.plimsoll.ui.Terminal;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The consumers of a run's events, in the order in which they see each, and the reports that are
/// written at its end. {@link #add} and {@link #addReport} take what an option asks for.
public final class EventSinks implements Consumer<RunEvent>, AutoCloseable {
  private static final int KEEP_RUNS = 200;

  private final Streams streams = Streams.standard();
  private final List<Consumer<RunEvent>> sinks;
  private final List<Consumer<RunSummary>> reports = new ArrayList<>();
  private final HistoryStore store;
  private final Display display;
  private final boolean isBrief;
  private final RunRecorder recorder;
  private @Nullable RunSummary finished;
  private boolean incomplete;

  /// @param junit the JUnit report
  /// @param command the command line, for users
  /// @param warning receives what cannot be recorded
  public EventSinks(
      Config config,
      Displays.OutputOptions options,
      JunitReport junit,
      String command,
      Consumer<String> warning) {
    store = new HistoryStore(config.root(), InstantSource.system(), warning);
    reports.add(junit::write);
    reports.add(summary ->
        GithubReport.write(
            summary,
            () -> RunReport.changes(config.root(), store, summary),
            config.root(),
            System.getenv(),
            this::print));
    isBrief = options.quiet() || options.json();
    display = Displays.open(options, Terminal.standard(), streams);
    recorder =
        new RunRecorder(store, command, KEEP_RUNS, TrialMark.isSet(System.getenv()), warning);
    sinks = new ArrayList<>(List.of(display, recorder, new CurveStore(config.root()), this::keep));
  }

  /// Have a further consumer see each event.
  public void add(Consumer<RunEvent> sink) {
    sinks.add(sink);
  }

  /// Have a further report written at the end. It throws a {@link UserError} if it cannot.
  public void addReport(Consumer<RunSummary> report) {
    reports.add(report);
  }

  /// Also write the run as a page.
  ///
  /// @param file null when nobody wants it
  /// @throws UserError if the page cannot be written to the file
  public EventSinks html(Config config, @Nullable Path file) {
    if (file != null) {
      var page = new ReportFile(file);
      page.check();
      reports.add(summary -> {
        page.write(RunReport.html(config.root(), store, summary));
        if (!isBrief) {
          print("wrote " + file);
        }
      });
    }
    return this;
  }

  /// The history, to read from.
  public HistoryStore store() {
    return store;
  }

  @Override
  public void accept(RunEvent event) {
    sinks.forEach(sink -> sink.accept(event));
  }

  private void keep(RunEvent event) {
    if (event instanceof RunEvent.Finished end) {
      finished = end.summary();
    }
  }

  /// The exit code, once this is closed: that of the tests, but not 0 if a part of the result could
  /// not be written.
  public int exitCode(int tests) {
    return tests == 0 && incomplete ? ExitCode.INTERNAL_ERROR.code() : tests;
  }

  @Override
  public void close() {
    recorder.close();
    display.close();
    RunSummary summary = finished;
    if (summary != null) {
      report(summary);
    }
    store.close();
  }

  private void report(RunSummary summary) {
    if (streams.out().checkError()) {
      incomplete(
          new UserError(
              "could not write the result to stdout",
              "its reader exited, or the disk is full",
              "`plimsoll history show " + summary.id() + "` shows it if it was recorded",
              ExitCode.INTERNAL_ERROR));
    }
    for (Consumer<RunSummary> report : reports) {
      try {
        report.accept(summary);
      } catch (UserError error) {
        incomplete(error);
      }
    }
  }

  private void print(String line) {
    streams.err().append(line + "\n").flush();
  }

  private void incomplete(UserError error) {
    incomplete = true;
    streams.err().append(ErrorRenderer.text(error)).flush();
  }
}
