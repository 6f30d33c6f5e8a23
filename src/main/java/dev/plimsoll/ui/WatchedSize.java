package dev.plimsoll.ui;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/// The size of a terminal that may be resized: the last answer, asked for again in the background.
final class WatchedSize implements Supplier<TerminalSize> {
  private static final Duration EVERY = Duration.ofSeconds(2);

  private final Supplier<TerminalSize> ask;
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile TerminalSize size;
  private volatile long asked;

  WatchedSize(Supplier<TerminalSize> ask) {
    this.ask = ask;
    this.size = ask.get();
    this.asked = System.nanoTime();
  }

  @Override
  public TerminalSize get() {
    boolean old = System.nanoTime() - asked > EVERY.toNanos();
    if (old && asking.compareAndSet(false, true)) {
      Thread.ofVirtual().name("terminal size").start(this::askAgain);
    }
    return size;
  }

  private void askAgain() {
    size = ask.get();
    asked = System.nanoTime();
    asking.set(false);
  }
}
