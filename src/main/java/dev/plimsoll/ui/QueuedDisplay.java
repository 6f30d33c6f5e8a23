package dev.plimsoll.ui;

import dev.plimsoll.model.RunEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Passes events on in a thread of its own, so that a slow or stopped terminal (Ctrl-S) never holds
/// up the run. A display that breaks is told about once and then left out.
public final class QueuedDisplay implements Display {
  private static final long TICK_MILLIS = 100;

  /// What the thread is told.
  private sealed interface Message {
    record Show(RunEvent event) implements Message {}

    record End() implements Message {}
  }

  private final Display display;
  private final InstantSource clock;
  private final BlockingQueue<Message> queue = new LinkedBlockingQueue<>();
  private final Thread thread;
  private boolean broken;

  public QueuedDisplay(Display display, InstantSource clock) {
    this.display = display;
    this.clock = clock;
    this.thread = Thread.ofPlatform().name("display").daemon().start(this::show);
  }

  @Override
  public void accept(RunEvent event) {
    queue.add(new Message.Show(event));
  }

  /// Ticks come from the thread itself.
  @Override
  public void tick(Instant now) {}

  private void show() {
    boolean more = true;
    while (more) {
      more = next();
    }
  }

  private boolean next() {
    try {
      return switch (queue.poll(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
        case null -> guarded(() -> display.tick(clock.instant()));
        case Message.Show show -> guarded(() -> display.accept(show.event()));
        case Message.End ignored -> !guarded(display::close);
      };
    } catch (InterruptedException e) {
      return false;
    }
  }

  private boolean guarded(Runnable step) {
    try {
      if (!broken) {
        step.run();
      }
    } catch (RuntimeException e) {
      broken = true;
      System.err.println("error: a bug in Plimsoll's display: " + e);
      e.printStackTrace();
    }
    return true;
  }

  /// Wait until everything is shown. An interrupt ends the waiting and stays set.
  @Override
  public void close() {
    queue.add(new Message.End());
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
