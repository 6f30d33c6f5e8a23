package dev.plimsoll.report.json;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Death;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.report.ShortageText;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// An event of a run as a tree, for the lines of `--events`.
///
/// `docs/reference/events.md` documents every key; a test compares it with this. Keys are only ever
/// added under one {@link #SCHEMA} number.
public final class EventJson {
  public static final int SCHEMA = 1;

  private EventJson() {}

  public static Map<String, Object> tree(RunEvent event) {
    var line = new Line(event);
    return switch (event) {
      case RunEvent.Started started -> started(line, started);
      case RunEvent.Collected known ->
          line.of("collected")
              .with("tests", known.count())
              .with("deselected", known.deselected())
              .with("groups", known.groups())
              .with("expectedSeconds", known.expected());
      case RunEvent.GroupStarted begun ->
          line.of("group begun")
              .with("group", begun.group())
              .with("tests", begun.tests())
              .with("workers", begun.workers());
      case RunEvent.WorkerStarted begun ->
          line.of("worker begun").with("worker", begun.worker()).with("pid", begun.pid());
      case RunEvent.TestStarted begun ->
          line.of("test begun")
              .with("id", begun.id())
              .with("group", begun.group())
              .with("worker", begun.worker());
      case RunEvent.TestFinished ended ->
          line.of("test finished").with("test", RunJson.test(ended.result(), ""));
      case RunEvent.TestRetried again ->
          line.of("test retried")
              .with("id", again.id())
              .with("worker", again.worker())
              .with("reason", again.reason());
      case RunEvent.Died died -> died(line.of("worker died"), died.death());
      case RunEvent.WorkerGone gone ->
          line.of("worker gone")
              .with("worker", gone.worker())
              .with("pid", gone.pid())
              .with("cause", gone.verdict());
      case RunEvent.Stopping stopping -> line.of("stopping").with("reason", stopping.reason());
      case RunEvent.Sampled sampled -> sampled(line.of("memory"), sampled);
      case RunEvent.Forecast forecast ->
          line.of("forecast").with("secondsLeft", forecast.left().toMillis() / 1000.0);
      case RunEvent.Note note ->
          line.of("note")
              .with("level", note.level().name().toLowerCase(Locale.ROOT))
              .with("text", note.text());
      case RunEvent.Output output -> line.of("output").with("text", output.text());
      case RunEvent.Finished ended -> finished(line.of("run finished"), ended.summary());
    };
  }

  private static Line started(Line line, RunEvent.Started started) {
    return line.of("run begun")
        .with("schema", SCHEMA)
        .with("run", started.run())
        .with("engine", started.engine())
        .with("mode", started.mode())
        .with("machine", RunJson.machine(started.machine()))
        .with("budgetBytes", started.budget().value())
        .with("containment", started.containment());
  }

  private static Line died(Line line, Death death) {
    return line.with("worker", death.worker())
        .with("id", death.test())
        .with("attempt", death.attempt())
        .with("start", death.start().toString())
        .with("seconds", RunJson.seconds(death.duration()))
        .with("heldBytes", death.held().value())
        .with("cause", death.what())
        .with("limit", death.shortage().map(ShortageText::of).orElse(""))
        .with("evidence", death.evidence())
        .with("advice", death.advice())
        .with("next", death.next().name().toLowerCase(Locale.ROOT));
  }

  private static Line sampled(Line line, RunEvent.Sampled sampled) {
    var workers = new LinkedHashMap<String, Object>();
    sampled.workers().forEach((worker, size) -> workers.put(worker, size.value()));
    Bytes budget = sampled.memory().budget();
    return line.with("usedBytes", sampled.memory().used().value())
        .with("source", sampled.memory().source().word())
        .with("budgetBytes", budget.value())
        .with("workerBytes", workers);
  }

  private static Line finished(Line line, RunSummary run) {
    return line.with("run", run.id())
        .with("seconds", RunJson.seconds(run.duration()))
        .with("exitCode", run.exitCode())
        .with("interrupted", run.interrupted())
        .with("counts", RunJson.counts(run.counts()))
        .with("flaky", RunJson.flaky(run))
        .with("peakBytes", run.peak().value())
        .with("source", run.source().word());
  }

  /// The keys of a line in the order in which they are added.
  private static final class Line extends LinkedHashMap<String, Object> {
    private final RunEvent event;

    Line(RunEvent event) {
      this.event = event;
    }

    Line of(String name) {
      return with("event", name).with("at", event.at().toString());
    }

    Line with(String key, Object value) {
      put(key, value);
      return this;
    }
  }
}
