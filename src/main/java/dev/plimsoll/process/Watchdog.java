package dev.plimsoll.process;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A tiny process beside this one that ends the processes of a run when this one is gone, also by
/// `kill -9`: it reads a pipe that only this process holds, and at its end kills everything whose
/// environment has `_PLIMSOLL_RUN=ID`.
///
/// It has a session of its own where `setsid` exists and ignores what a terminal sends, so that
/// Ctrl-C and a closed window do not end it first. Its own environment carries no mark.
public final class Watchdog implements AutoCloseable {
  /// Every process of a run has this in its environment.
  public static final String MARK = "_PLIMSOLL_RUN";

  private static final long SWEEP_SECONDS = 10;

  /// Tells the watchdog that nothing is left.
  private static final byte[] CLEAN = "clean\n".getBytes(StandardCharsets.US_ASCII);

  private final Process process;
  private final List<String> marks;

  private Watchdog(Process process, List<String> marks) {
    this.process = process;
    this.marks = marks;
  }

  /// Start watching over the processes of `run`.
  public static Watchdog start(String run) {
    return start(List.of(run), "");
  }

  /// The same, and over a folder of its own with its socket, which goes when it is not removed
  /// before.
  ///
  /// @param early the mark of a process that was started before the run had its id
  public static Watchdog start(String run, Path socket, Optional<String> early) {
    return start(Stream.concat(Stream.of(run), early.stream()).toList(), socket.toString());
  }

  private static Watchdog start(List<String> runs, String socket) {
    List<String> marks = runs.stream().map(run -> MARK + "=" + run).toList();
    String script = Signals.script("signal.sh") + Signals.script("watchdog.sh");
    var line = new ArrayList<>(List.of("sh", "-c", script, "plimsoll-watchdog", socket));
    line.add(String.join("\n", marks));
    List<String> command = NewSession.own(line, Path.of("/"));
    var builder =
        new ProcessBuilder(command)
            .directory(Path.of("/").toFile())
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD);
    builder.environment().remove(MARK);
    try {
      return new Watchdog(builder.start(), marks);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public long pid() {
    return process.pid();
  }

  /// Kill what is left of the run, and end the watchdog. Usually nothing is left; the watchdog
  /// would need a while to find that out with shell tools, so it gets a message.
  @Override
  public void close() {
    try (OutputStream orders = process.getOutputStream()) {
      if (!new Leftovers(Path.of("/proc"), marks).any()) {
        orders.write(CLEAN);
      }
    } catch (IOException gone) {
      process.destroyForcibly();
    }
    try {
      process.waitFor(SWEEP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
