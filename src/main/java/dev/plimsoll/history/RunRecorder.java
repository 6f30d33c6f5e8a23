package dev.plimsoll.history;

import dev.plimsoll.files.FileTrouble;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.RamAfter;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/// Records a run from its events. What they say is kept; it is written by a thread of its own.
///
/// Results are written in parts, at most one every five seconds, each in one transaction: a run
/// that is killed with its machine has taught what its tests cost up to then. The end writes the
/// summary and whatever it says otherwise than the parts did. The first error ends the recording
/// with one warning; a run never fails because of it.
public final class RunRecorder implements Consumer<RunEvent>, AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(5);

  private interface Work {
    void on(HistoryStore store) throws SQLException, IOException;
  }

  private final HistoryStore store;
  private final String command;
  private final int keep;
  private final boolean trial;
  private final Consumer<String> warning;
  private final BlockingQueue<Optional<Work>> queue = new LinkedBlockingQueue<>();
  private final Thread thread;

  private final Map<String, Integer> workers = new LinkedHashMap<>();
  private final Map<String, TestResult> written = new HashMap<>();
  private final List<TestResult> unwritten = new ArrayList<>();
  private RunEvent.Started begun =
      new RunEvent.Started(
          Instant.EPOCH,
          "",
          "",
          "",
          new dev.plimsoll.model.Machine("", 0, Bytes.ZERO, ""),
          Bytes.ZERO,
          "");
  private Bytes peak = Bytes.ZERO;
  private PeakSource source = PeakSource.NONE;
  private Instant last = Instant.EPOCH;
  private boolean failed;

  /// Written and read by the thread alone.
  private String code = "";

  /// @param command arguments of `plimsoll`, for people
  /// @param keep how many runs are kept
  /// @param trial whether the run is one of a calibration
  /// @param warning receives at most once, on another thread, why nothing is recorded
  public RunRecorder(
      HistoryStore store, String command, int keep, boolean trial, Consumer<String> warning) {
    this.store = store;
    this.command = command;
    this.keep = keep;
    this.trial = trial;
    this.warning = warning;
    this.thread = Thread.ofPlatform().name("history").daemon().start(this::work);
  }

  @Override
  public synchronized void accept(RunEvent event) {
    switch (event) {
      case RunEvent.Started started -> {
        begun = started;
        last = started.at();
        queue.add(Optional.of(history -> code = history.code()));
      }
      case RunEvent.GroupStarted group -> workers.put(group.group(), group.workers());
      case RunEvent.Sampled sampled -> sampled(sampled);
      case RunEvent.TestFinished finished -> unwritten.add(finished.result());
      case RunEvent.Finished finished when finished.summary().showsOnly() -> {
        return; // no run of tests
      }
      case RunEvent.Finished finished -> end(finished.summary());
      case RunEvent.Collected _,
          RunEvent.WorkerStarted _,
          RunEvent.TestStarted _,
          RunEvent.TestRetried _,
          RunEvent.Died _,
          RunEvent.WorkerGone _,
          RunEvent.Stopping _,
          RunEvent.Forecast _,
          RunEvent.Note _,
          RunEvent.Output _ -> {
        return;
      }
    }
    if (Duration.between(last, event.at()).compareTo(EVERY) >= 0 && !unwritten.isEmpty()) {
      part(event.at());
    }
  }

  private void work() {
    try {
      for (var work = queue.take(); work.isPresent(); work = queue.take()) {
        write(work.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(Work work) {
    if (failed) {
      return;
    }
    try {
      work.on(store);
    } catch (SQLException | IOException | RuntimeException e) {
      failed = true;
      String why =
          e instanceof IOException file ? FileTrouble.why(file) : String.valueOf(e.getMessage());
      warning.accept("cannot record this run in the history: " + why);
    }
  }

  private void sampled(RunEvent.Sampled sampled) {
    if (sampled.memory().used().compareTo(peak) > 0) {
      peak = sampled.memory().used();
      source = sampled.memory().source();
    }
  }

  private void part(Instant now) {
    last = now;
    RunSummary run = soFar(now);
    List<TestResult> results = List.copyOf(unwritten);
    queue.add(
        Optional.of(history -> {
          history.recordPart(run, results);
          history.label(run.id(), code, trial);
        }));
    results.forEach(result -> written.put(result.id(), result));
    unwritten.clear();
  }

  private RunSummary soFar(Instant now) {
    return new RunSummary(
        begun.run(),
        command,
        begun.engine(),
        begun.mode(),
        new LinkedHashMap<>(workers),
        begun.machine(),
        begun.at(),
        Duration.between(begun.at(), now),
        List.of(),
        peak,
        source,
        Bytes.ZERO,
        begun.budget(),
        Bytes.ZERO,
        RamAfter.UNKNOWN,
        List.of(),
        "",
        0);
  }

  private void end(RunSummary summary) {
    Map<String, TestResult> before = Map.copyOf(written);
    queue.add(
        Optional.of(history -> {
          List<TestResult> changed =
              summary.results().stream()
                  .filter(result -> !result.equals(before.get(result.id())))
                  .toList();
          history.recordEnd(summary, changed, keep);
          history.label(summary.id(), code, trial);
        }));
    unwritten.clear();
  }

  /// Wait until everything is recorded. An interrupt ends the waiting and stays set.
  @Override
  public void close() {
    queue.add(Optional.empty());
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
