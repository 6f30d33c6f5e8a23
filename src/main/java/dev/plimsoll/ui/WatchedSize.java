package dev.plimsoll.ui;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/// The size of a terminal that may be resized: the last answer, asked for again when the terminal
/// says that it changed, and every two seconds where it does not say so. Drawing never waits for
/// the answer.
final class WatchedSize implements Supplier<TerminalSize> {
  private static final Duration EVERY = Duration.ofSeconds(2);

  private final Supplier<Optional<TerminalSize>> ask;
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile TerminalSize size;
  private volatile long asked;

  /// @param ask what the size is now; empty when that cannot be told, so that the last answer stays
  WatchedSize(Supplier<Optional<TerminalSize>> ask) {
    this.ask = ask;
    this.size = ask.get().orElse(TerminalSize.CLASSIC);
    this.asked = System.nanoTime();
  }

  @Override
  public TerminalSize get() {
    boolean old = System.nanoTime() - asked > EVERY.toNanos();
    if (old && asking.compareAndSet(false, true)) {
      Thread.ofVirtual().name("terminal size").start(this::askInTurn);
    }
    return size;
  }

  /// Ask now, because the terminal's size changed.
  void askAgain() {
    size = ask.get().orElse(size);
    asked = System.nanoTime();
  }

  private void askInTurn() {
    askAgain();
    asking.set(false);
  }
}
