package dev.plimsoll.ui;

import dev.plimsoll.model.RunEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Passes events on to a separate thread, so that a slow or stopped terminal (Ctrl-S) never delays
/// the run. A display that fails is reported once and then disabled.
public final class QueuedDisplay implements Display {
  private static final long TICK_MILLIS = 100;

  /// How long events may wait for others: waking a thread for each test would cost a good part of
  /// what a short test itself costs.
  private static final long PAUSE_MILLIS = 40;

  /// What the thread receives.
  private sealed interface Message {
    record Show(RunEvent event) implements Message {}

    record End() implements Message {}
  }

  private final Display display;
  private final InstantSource clock;
  private final BlockingQueue<Message> queue = new LinkedBlockingQueue<>();
  private final CountDownLatch closing = new CountDownLatch(1);
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
    try {
      boolean more = true;
      while (more) {
        more = told(queue.poll(TICK_MILLIS, TimeUnit.MILLISECONDS));
        while (more && !queue.isEmpty()) {
          more = told(queue.poll());
        }
        if (more && closing.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
          more = told(queue.take()); // the end comes at once: no tick before it
        }
      }
    } catch (InterruptedException e) {
      return;
    }
  }

  /// @return whether there may be more
  private boolean told(@Nullable Message message) {
    return switch (message) {
      case null -> guarded(() -> display.tick(clock.instant()));
      case Message.Show show -> guarded(() -> display.accept(show.event()));
      case Message.End ignored -> !guarded(display::close);
    };
  }

  private boolean guarded(Runnable step) {
    try {
      if (!broken) {
        step.run();
      }
    } catch (RuntimeException e) {
      broken = true;
      System.err.println("error: this is a bug in Plimsoll's display: " + e);
      e.printStackTrace();
    }
    return true;
  }

  /// Wait until everything is shown. An interrupt ends the waiting and stays set.
  @Override
  public void close() {
    closing.countDown();
    queue.add(new Message.End());
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
