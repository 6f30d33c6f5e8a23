package dev.plimsoll.ui;

import dev.plimsoll.process.SteadyClock;
import dev.plimsoll.report.Style;
import java.time.Duration;

/// Chooses the display of a run.
public final class Displays {
  private Displays() {}

  /// The options of the user.
  ///
  /// @param slow how long a test runs before it counts as slow
  /// @param progress whether the terminal is to show the progress too
  public record OutputOptions(
      boolean quiet, boolean json, boolean pytest, Duration slow, boolean progress) {
    public static final OutputOptions DEFAULT =
        new OutputOptions(false, false, false, Duration.ofSeconds(30), false);

    public OutputOptions(boolean quiet, boolean json, Duration slow) {
      this(quiet, json, false, slow, false);
    }
  }

  /// A live block if stderr is a terminal, otherwise plain lines; on a separate thread. The caller
  /// closes it.
  public static Display open(OutputOptions options, Terminal terminal, Streams streams) {
    return new QueuedDisplay(choose(options, terminal, streams), SteadyClock.source());
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
    var live = new LiveDisplay(streams, messages, spoken, options.slow(), options.progress(), size);
    SignalHandlers.on("TSTP", () -> live.pause(SignalHandlers::stopSelf));
    return live;
  }
}
