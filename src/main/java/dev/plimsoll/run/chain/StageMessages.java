package dev.plimsoll.run.chain;

import dev.plimsoll.model.RunEvent;
import java.util.function.Consumer;

/// Passes on what a stage's runner tells: the watch over its memory learns of processes and tests,
/// and what a Playwright runner prints stays in its file once its tests are known, since each has
/// its own events.
final class StageMessages implements Consumer<RunEvent> {
  private final String stage;
  private final StageWatch watch;
  private final boolean tellsTests;
  private final Consumer<RunEvent> events;
  private volatile boolean collected;

  StageMessages(String stage, StageWatch watch, boolean tellsTests, Consumer<RunEvent> events) {
    this.stage = stage;
    this.watch = watch;
    this.tellsTests = tellsTests;
    this.events = events;
  }

  @Override
  public void accept(RunEvent event) {
    switch (event) {
      case RunEvent.WorkerStarted started ->
          watch.runner(started.pid(), !started.worker().equals(stage));
      case RunEvent.Output output -> print(output);
      case RunEvent.Collected known -> {
        collected = true;
        events.accept(known);
      }
      case RunEvent.TestStarted started -> {
        watch.began(started.worker(), started.id());
        events.accept(started);
      }
      default -> events.accept(event);
    }
  }

  private void print(RunEvent.Output output) {
    if (!tellsTests || !(collected || output.text().isBlank())) {
      events.accept(new RunEvent.Output(output.at(), output.text() + "\n"));
    }
  }
}
