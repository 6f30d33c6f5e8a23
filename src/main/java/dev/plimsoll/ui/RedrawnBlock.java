package dev.plimsoll.ui;

import static java.util.stream.Collectors.joining;

import dev.plimsoll.report.TerminalText;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Lines at the bottom of a terminal that change in place.
///
/// They are ordinary text above the cursor. To change them, the cursor moves up and each row is
/// erased and written again. (Not all at once with `ESC [ J`: at the top of a window some terminals
/// keep what that erases, so that old blocks would fill what was scrolled away.) The cursor is
/// never hidden and no mode of the terminal is changed, so that a killed program leaves nothing to
/// restore. After a terminal got narrower its lines may have been wrapped: the rows to go up are
/// counted with the width at the time of erasing.
public final class RedrawnBlock {
  private static final String ESC = "\u001b[";
  private static final String ERASE_ROW = ESC + "2K";

  private final Consumer<String> terminal;
  private final Supplier<TerminalSize> size;
  private List<Integer> drawn = List.of();

  /// @param terminal writes text at once
  public RedrawnBlock(Consumer<String> terminal, Supplier<TerminalSize> size) {
    this.terminal = terminal;
    this.size = size;
  }

  /// Replace the current lines with these.
  public void draw(List<String> lines) {
    int rows = rows();
    int rest = Math.max(0, rows - lines.size());
    String written = lines.stream().map(line -> ERASE_ROW + line + "\n").collect(joining());
    terminal.accept(up(rows) + written + (ERASE_ROW + "\n").repeat(rest) + up(rest));
    drawn =
        lines.stream().map(line -> TerminalText.width(TerminalText.block(line, false))).toList();
  }

  /// Take the lines away.
  public void erase() {
    draw(List.of());
  }

  /// The rows that the lines occupy, including wrapped ones.
  private int rows() {
    int columns = Math.max(1, size.get().columns());
    return drawn.stream().mapToInt(cells -> Math.max(1, Math.ceilDiv(cells, columns))).sum();
  }

  private static String up(int rows) {
    return rows == 0 ? "" : ESC + rows + "A\r";
  }
}
