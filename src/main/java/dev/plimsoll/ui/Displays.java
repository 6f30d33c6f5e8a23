package dev.plimsoll.ui;

import dev.plimsoll.report.Style;
import java.time.Duration;
import java.time.InstantSource;

/// Chooses how a run is shown.
public final class Displays {
  private Displays() {}

  /// What the user asked for.
  ///
  /// @param pytest whether the result is what pytest prints, and all else goes to standard error
  /// @param slow age from which a running test is marked as slow
  public record OutputOptions(boolean quiet, boolean json, boolean pytest, Duration slow) {
    public static final OutputOptions DEFAULT =
        new OutputOptions(false, false, false, Duration.ofSeconds(30));

    public OutputOptions(boolean quiet, boolean json, Duration slow) {
      this(quiet, json, false, slow);
    }
  }

  /// A live block when standard error is a terminal, else plain lines; in a thread of its own. The
  /// caller closes it.
  public static Display open(OutputOptions options, Terminal terminal, Streams streams) {
    return new QueuedDisplay(choose(options, terminal, streams), InstantSource.system());
  }

  static Display choose(OutputOptions options, Terminal terminal, Streams streams) {
    boolean coloured = terminal.hasColour(options.json() ? terminal.err() : terminal.out());
    var style = new Style(coloured, terminal.isUnicode());
    var spoken = new Style(terminal.hasColour(terminal.err()), terminal.isUnicode());
    var verbosity = options.quiet() ? Messages.Verbosity.QUIET : Messages.Verbosity.NORMAL;
    var form =
        options.json()
            ? Messages.Form.JSON
            : options.pytest() ? Messages.Form.PYTEST : Messages.Form.TEXT;
    if (options.quiet() || !terminal.isLive()) {
      int columns = terminal.resultColumns();
      var messages = new Messages(style, spoken, verbosity, form, () -> columns);
      return new PlainDisplay(streams, messages, spoken, options.slow());
    }
    var size = terminal.watchedSize();
    var messages = new Messages(style, spoken, verbosity, form, terminal::resultColumns);
    return new LiveDisplay(streams, messages, spoken, options.slow(), size);
  }
}
