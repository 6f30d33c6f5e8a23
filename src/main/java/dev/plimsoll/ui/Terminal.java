package dev.plimsoll.ui;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Where the standard streams of the program lead.
///
/// @param out whether standard output is a terminal
/// @param err whether standard error is a terminal
/// @param environment variables of the process
public record Terminal(boolean out, boolean err, Map<String, String> environment) {
  private static final Pattern DEVICE = Pattern.compile("/dev/(pts/\\d+|tty.*|console|hvc\\d+)");
  private static final Pattern STTY = Pattern.compile("(\\d+) (\\d+)\\s*");
  private static final int LOG_COLUMNS = 120;
  private static final long STTY_MILLIS = 500;

  public Terminal {
    environment = Map.copyOf(environment);
  }

  /// This process's own. Without `/proc` the answer is no: plain lines suit any stream.
  public static Terminal standard() {
    return new Terminal(isTerminal(1), isTerminal(2), System.getenv());
  }

  private static boolean isTerminal(int descriptor) {
    try {
      Path target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor));
      return DEVICE.matcher(target.toString()).matches();
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private boolean isSet(String name) {
    return !environment.getOrDefault(name, "").isEmpty();
  }

  private boolean isOn(String name) {
    String value = environment.getOrDefault(name, "");
    return !value.isEmpty() && !value.equals("0") && !value.equals("false");
  }

  /// Whether a block that redraws itself can be shown on standard error.
  public boolean isLive() {
    return err && !isOn("CI") && !isDumb();
  }

  /// Whether the terminal is known to show progress (`OSC 9;4`). A multiplexer does not pass the
  /// sequence on.
  public boolean showsProgress() {
    String program = environment.getOrDefault("TERM_PROGRAM", "");
    boolean known =
        isSet("WT_SESSION")
            || isSet("ConEmuPID")
            || environment.getOrDefault("ConEmuANSI", "").equals("ON")
            || List.of("ghostty", "WezTerm", "mintty").contains(program);
    return known && !isSet("TMUX") && !isSet("STY");
  }

  private boolean isDumb() {
    String term = environment.getOrDefault("TERM", "dumb");
    return term.isEmpty() || term.equals("dumb");
  }

  /// Whether a stream gets colours: `NO_COLOR` (https://no-color.org), then `FORCE_COLOR` and
  /// `CLICOLOR_FORCE`, then `CLICOLOR=0`, then a terminal outside CI.
  public boolean hasColour(boolean stream) {
    if (isSet("NO_COLOR")) {
      return false;
    }
    if (isOn("FORCE_COLOR") || isOn("CLICOLOR_FORCE")) {
      return true;
    }
    if (environment.getOrDefault("CLICOLOR", "1").equals("0")) {
      return false;
    }
    return stream && !isOn("CI") && !isDumb();
  }

  /// Whether the locale can show characters beyond ASCII.
  public boolean isUnicode() {
    for (String name : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
      if (isSet(name)) {
        String locale = environment.getOrDefault(name, "").toLowerCase(java.util.Locale.ROOT);
        return locale.contains("utf-8") || locale.contains("utf8");
      }
    }
    return false;
  }

  /// The current size, or a default if it is unknown.
  public TerminalSize size() {
    return known().orElseGet(() -> withVariables(TerminalSize.CLASSIC));
  }

  private Optional<TerminalSize> known() {
    return (err || out ? stty() : Optional.<TerminalSize>empty()).map(this::withVariables);
  }

  /// `COLUMNS` and `LINES` override the size of the terminal.
  private TerminalSize withVariables(TerminalSize asked) {
    return new TerminalSize(number("COLUMNS", asked.columns()), number("LINES", asked.rows()));
  }

  /// Columns for the summary: those of the terminal, or enough for a log.
  int resultColumns() {
    return out ? size().columns() : number("COLUMNS", LOG_COLUMNS);
  }

  /// The size of a window that may be resized.
  public Supplier<TerminalSize> watchedSize() {
    var size = new WatchedSize(this::known);
    SignalHandlers.on("WINCH", size::askAgain);
    return size;
  }

  private int number(String name, int otherwise) {
    String text = environment.getOrDefault(name, "");
    return text.matches("[1-9]\\d{0,4}") ? Integer.parseInt(text) : otherwise;
  }

  private static Optional<TerminalSize> stty() {
    try {
      var builder = new ProcessBuilder("stty", "size");
      builder.redirectInput(Path.of("/dev/tty").toFile());
      builder.redirectError(ProcessBuilder.Redirect.DISCARD);
      Process stty = builder.start();
      if (!stty.waitFor(STTY_MILLIS, TimeUnit.MILLISECONDS)) {
        stty.destroyForcibly();
        return Optional.empty();
      }
      return parse(new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /// The size in the output of `stty size`; a terminal that does not know its size says `0 0`.
  static Optional<TerminalSize> parse(String text) {
    var matcher = STTY.matcher(text);
    if (!matcher.matches() || matcher.group(1).length() > 5 || matcher.group(2).length() > 5) {
      return Optional.empty();
    }
    int rows = Integer.parseInt(matcher.group(1));
    int columns = Integer.parseInt(matcher.group(2));
    return rows == 0 || columns == 0
        ? Optional.empty()
        : Optional.of(new TerminalSize(columns, rows));
  }
}
