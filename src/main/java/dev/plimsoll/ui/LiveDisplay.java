package dev.plimsoll.ui;

import static java.util.stream.Collectors.joining;

import dev.plimsoll.model.RunEvent;
import dev.plimsoll.report.Style;
import dev.plimsoll.report.TerminalText;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Shows a run in a terminal: a live block at the bottom (stderr), and permanent lines above it.
///
/// The block is ordinary text above the cursor. To change it, the cursor moves up and each row is
/// erased and written again. (Not all at once with `ESC [ J`: at the top of a window some terminals
/// keep what that erases, so that old blocks would fill what was scrolled away.) The cursor is
/// never hidden and no mode of the terminal is changed, so that a killed program leaves nothing to
/// restore. After a terminal got narrower its lines may have been wrapped: the rows to go up are
/// counted with the width at the time of erasing.
public final class LiveDisplay implements Display {
  private static final Duration FRAME = Duration.ofMillis(100);
  private static final String ESC = "\u001b[";
  private static final String ERASE_ROW = ESC + "2K";

  private final Streams streams;
  private final Messages messages;
  private final LiveBlock block;
  private final Supplier<TerminalSize> size;
  private final RunView view = new RunView();
  private final Optional<TerminalProgress> progress;
  private List<Integer> drawn = List.of();
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
    this.progress = progress ? Optional.of(new TerminalProgress()) : Optional.empty();
  }

  /// Take the block away and stop the program (Ctrl-Z), so that the shell writes where the block
  /// was. It is drawn again when the program goes on. From any thread.
  ///
  /// @param stop returns once the program goes on
  synchronized void pause(Runnable stop) {
    erase();
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
      erase();
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
      draw(block.lines(view, now, size.get()));
      progress.ifPresent(own -> streams.messages(own.show(view)));
    }
  }

  /// Replace the current block with these lines.
  private void draw(List<String> lines) {
    int rows = rows();
    int rest = Math.max(0, rows - lines.size());
    String written = lines.stream().map(line -> ERASE_ROW + line + "\n").collect(joining());
    streams.messages(up(rows) + written + (ERASE_ROW + "\n").repeat(rest) + up(rest));
    drawn =
        lines.stream().map(line -> TerminalText.width(TerminalText.block(line, false))).toList();
  }

  private void erase() {
    draw(List.of());
  }

  /// The rows that the block occupies, including wrapped lines.
  private int rows() {
    int columns = Math.max(1, size.get().columns());
    return drawn.stream().mapToInt(cells -> Math.max(1, Math.ceilDiv(cells, columns))).sum();
  }

  private static String up(int rows) {
    return rows == 0 ? "" : ESC + rows + "A\r";
  }

  @Override
  public synchronized void close() {
    active = false;
    erase();
    progress.ifPresent(own -> streams.messages(own.remove()));
    streams.out().flush();
  }
}
