package dev.plimsoll.ui;

import dev.plimsoll.report.Style;
import java.time.Duration;
import java.time.InstantSource;

/// Chooses how a run is shown.
public final class Displays {
  private Displays() {}

  /// What the user asked for.
  ///
  /// @param slow age from which a running test is marked as slow
  public record Wish(boolean quiet, boolean json, Duration slow) {
    public static final Wish DEFAULT = new Wish(false, false, Duration.ofSeconds(30));
  }

  /// A live block when standard error is a terminal, else plain lines; in a thread of its own. The
  /// caller closes it.
  public static Display open(Wish wish, Terminal terminal, Streams streams) {
    return new QueuedDisplay(choose(wish, terminal, streams), InstantSource.system());
  }

  static Display choose(Wish wish, Terminal terminal, Streams streams) {
    boolean coloured = terminal.hasColour(wish.json() ? terminal.err() : terminal.out());
    var style = new Style(coloured, terminal.isUnicode());
    var spoken = new Style(terminal.hasColour(terminal.err()), terminal.isUnicode());
    var verbosity = wish.quiet() ? Talk.Verbosity.QUIET : Talk.Verbosity.NORMAL;
    if (wish.quiet() || !terminal.isLive()) {
      int columns = terminal.resultColumns();
      var talk = new Talk(style, spoken, verbosity, wish.json(), () -> columns);
      return new PlainDisplay(streams, talk, spoken, wish.slow());
    }
    var size = terminal.watchedSize();
    var talk = new Talk(style, spoken, verbosity, wish.json(), terminal::resultColumns);
    return new LiveDisplay(streams, talk, spoken, wish.slow(), size);
  }
}
