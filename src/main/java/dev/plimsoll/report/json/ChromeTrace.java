package dev.plimsoll.report.json;

import dev.plimsoll.model.Attempt;
import dev.plimsoll.model.Death;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.TestResult;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A run in the Trace Event Format, which Perfetto and `chrome://tracing` open
/// (https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU): a track for
/// each worker with the attempts of tests, deaths of workers as instants, and the memory of the run
/// as a counter.
public final class ChromeTrace {
  private static final int PROCESS = 1;

  /// Deaths that are not a worker's, and notes.
  private static final int RUN_TRACK = 0;

  private final Map<String, Integer> tracks = new LinkedHashMap<>();
  private final List<Map<String, Object>> events = new ArrayList<>();
  private Instant start = Instant.EPOCH;

  /// Take an event of the run.
  public void accept(RunEvent event) {
    switch (event) {
      case RunEvent.Started started -> start = started.at();
      case RunEvent.Sampled sampled ->
          events.add(
              event("C", "memory", micros(sampled.at()), RUN_TRACK)
                  .with("args", Map.of("MiB", sampled.memory().used().value() >> 20)));
      case RunEvent.Died died -> died(died.at(), died.death());
      case RunEvent.Stopping stopping ->
          events.add(
              event("i", "stopping: " + stopping.reason(), micros(stopping.at()), RUN_TRACK)
                  .with("s", "g"));
      case RunEvent.Finished ended -> ended.summary().results().forEach(this::test);
      case RunEvent.Collected _,
          RunEvent.GroupStarted _,
          RunEvent.WorkerStarted _,
          RunEvent.TestStarted _,
          RunEvent.TestFinished _,
          RunEvent.TestRetried _,
          RunEvent.WorkerGone _,
          RunEvent.Forecast _,
          RunEvent.Note _,
          RunEvent.Output _ -> {}
    }
  }

  private void died(Instant at, Death death) {
    events.add(
        event("i", death.worker() + " " + death.what(), micros(at), track(death.worker()))
            .with("s", "t"));
  }

  private void test(TestResult result) {
    int number = 0;
    for (Attempt attempt : result.earlier()) {
      number++;
      if (!attempt.worker().isEmpty()) {
        span(result, attempt.worker(), attempt.start(), attempt.duration())
            .with("args", args(result, attempt.outcome().word(), number, attempt.reason()));
      }
    }
    if (result.ran() && !result.worker().isEmpty()) {
      span(result, result.worker(), result.start(), result.duration())
          .with("args", args(result, result.outcome().word(), result.attempts(), result.reason()));
    }
  }

  private Event span(TestResult result, String worker, Instant begun, Duration took) {
    Event span = event("X", result.id(), micros(begun), track(worker));
    span.with("dur", took.toNanos() / 1000).with("cat", result.group());
    events.add(span);
    return span;
  }

  private static Map<String, Object> args(
      TestResult result, String outcome, int attempt, String reason) {
    var args = new LinkedHashMap<String, Object>();
    args.put("outcome", outcome);
    args.put("attempt", attempt);
    args.put("file", result.path());
    args.put("peak MiB", result.peak().value() >> 20);
    args.put("reason", reason);
    return args;
  }

  private int track(String worker) {
    return tracks.computeIfAbsent(worker, _ -> tracks.size() + 1);
  }

  private long micros(Instant at) {
    return ChronoUnit.MICROS.between(start, at);
  }

  private static Event event(String phase, String name, long micros, int track) {
    return new Event()
        .with("ph", phase)
        .with("name", name)
        .with("ts", micros)
        .with("pid", PROCESS)
        .with("tid", track);
  }

  /// The document.
  public Map<String, Object> tree() {
    var all = new ArrayList<Map<String, Object>>();
    all.add(name("process_name", RUN_TRACK, "plimsoll run"));
    tracks.forEach((worker, track) -> all.add(name("thread_name", track, worker)));
    all.addAll(events);
    var tree = new LinkedHashMap<String, Object>();
    tree.put("displayTimeUnit", "ms");
    tree.put("traceEvents", all);
    return tree;
  }

  private static Map<String, Object> name(String kind, int track, String name) {
    return event("M", kind, 0, track).with("args", Map.of("name", name));
  }

  /// The keys of an event.
  private static final class Event extends LinkedHashMap<String, Object> {
    Event with(String key, Object value) {
      put(key, value);
      return this;
    }
  }
}
