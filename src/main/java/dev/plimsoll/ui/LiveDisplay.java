package dev.plimsoll.ui;

import dev.plimsoll.model.RunEvent;
import dev.plimsoll.report.Style;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/// Shows a run in a terminal: a live block at the bottom (stderr), and permanent lines above it.
///
/// {@link RedrawnBlock} says how the block changes.
public final class LiveDisplay implements Display {
  private static final Duration FRAME = Duration.ofMillis(100);

  private final Streams streams;
  private final Messages messages;
  private final LiveBlock block;
  private final Supplier<TerminalSize> size;
  private final RunView view = new RunView();
  private final Optional<TerminalProgress> progress;
  private final RedrawnBlock redrawn;
  private Instant last = Instant.EPOCH;
  private boolean active;

  /// @param slow how long a test runs before it counts as slow
  /// @param progress whether the terminal is to show the progress too
  public LiveDisplay(
      Streams streams,
      Messages messages,
      Style style,
      Duration slow,
      boolean progress,
      Supplier<TerminalSize> size) {
    this.streams = streams;
    this.messages = messages;
    this.block = new LiveBlock(style, slow);
    this.size = size;
    this.redrawn = new RedrawnBlock(streams::messages, size);
    this.progress = progress ? Optional.of(new TerminalProgress()) : Optional.empty();
  }

  /// Take the block away and stop the program (Ctrl-Z), so that the shell writes where the block
  /// was. It is drawn again when the program goes on. From any thread.
  ///
  /// @param stop returns once the program goes on
  synchronized void pause(Runnable stop) {
    redrawn.erase();
    stop.run();
    last = Instant.EPOCH;
  }

  @Override
  public synchronized void accept(RunEvent event) {
    view.apply(event);
    String words = messages.about(event);
    String result = messages.result(event);
    active = !messages.isSerial() && !(event instanceof RunEvent.Finished);
    if (!words.isEmpty() || !result.isEmpty()) {
      redrawn.erase();
      streams.messages(words);
      streams.result(result);
      streams.messages(result.isEmpty() || result.endsWith("\n") ? "" : "\n");
      last = Instant.EPOCH;
    }
    tick(event.at());
  }

  @Override
  public synchronized void tick(Instant now) {
    if (active && Duration.between(last, now).compareTo(FRAME) >= 0) {
      last = now;
      redrawn.draw(block.lines(view, now, size.get()));
      progress.ifPresent(own -> streams.messages(own.show(view)));
    }
  }

  @Override
  public synchronized void close() {
    active = false;
    redrawn.erase();
    progress.ifPresent(own -> streams.messages(own.remove()));
    streams.out().flush();
  }
}
