package dev.plimsoll.engine.playwright;

import dev.plimsoll.engine.CancellationToken;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunEvent.Level;
import dev.plimsoll.process.SteadyClock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Ends a runner in which nothing happens any more: a test that loops without ever yielding is not
/// ended by Playwright's own time limits. Warns at half of the time.
final class Stall implements AutoCloseable {
  private final Duration limit;
  private final CancellationToken cancellation;
  private final Supplier<String> running;
  private final Consumer<RunEvent> events;
  private final CountDownLatch end = new CountDownLatch(1);
  private volatile long last = System.nanoTime();
  private boolean warned;

  /// Watch until {@link #close}.
  ///
  /// @param limit how long nothing may happen, zero for as long as it likes
  /// @param running the tests that run now, in words
  Stall(
      Duration limit,
      CancellationToken cancellation,
      Supplier<String> running,
      Consumer<RunEvent> events) {
    this.limit = limit;
    this.cancellation = cancellation;
    this.running = running;
    this.events = events;
    if (limit.isPositive()) {
      Thread.ofVirtual().name("stall").start(this::watch);
    }
  }

  /// Something happened.
  void beat() {
    last = System.nanoTime();
    warned = false;
  }

  private void watch() {
    try {
      while (!end.await(limit.toMillis() / 20 + 1, TimeUnit.MILLISECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    var silence = Duration.ofNanos(System.nanoTime() - last);
    if (silence.compareTo(limit) >= 0) {
      cancellation.pull(
          "no test started or ended for "
              + words(limit)
              + " (Playwright's time limits cannot stop a loop that never yields; `stall` of the"
              + " stage sets this limit)");
      end.countDown();
    } else if (!warned && silence.compareTo(limit.dividedBy(2)) >= 0) {
      warned = true;
      String text =
          "no test started or ended for %s%s; Plimsoll stops the stage at %s (`stall`)"
              .formatted(words(limit.dividedBy(2)), running.get(), words(limit));
      events.accept(new RunEvent.Note(SteadyClock.now(), Level.WARNING, text));
    }
  }

  private static String words(Duration time) {
    return time.toSeconds() < 120 ? time.toSeconds() + " s" : time.toMinutes() + " min";
  }

  @Override
  public void close() {
    end.countDown();
  }
}
