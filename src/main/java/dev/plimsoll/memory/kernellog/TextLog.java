package dev.plimsoll.memory.kernellog;

import dev.plimsoll.process.SteadyClock;
import dev.plimsoll.verdict.LogTrace;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/// Read a log as lines of text, from a file or from what a command prints, whenever it is asked.
///
/// A log daemon writes some milliseconds after the kernel, so waiting means reading again. Of a
/// file only the last four mebibytes are read. Lines without an exact stamp count as of any time
/// after this log was opened: those that were there before are skipped.
final class TextLog implements LogSource {
  private static final int TAIL = 4 << 20;
  private static final Duration AGAIN = Duration.ofMillis(50);
  private static final Duration COMMAND_LIMIT = Duration.ofSeconds(5);

  /// Gives the lines logged since a moment, or more.
  private interface Lines {
    List<String> since(Instant moment) throws IOException;
  }

  private final String name;
  private final Lines lines;
  private final Instant boot = SteadyClock.at(Duration.ZERO);
  private final boolean readable;
  private final int linesBefore;

  private TextLog(String name, boolean readable, int linesBefore, Lines lines) {
    this.name = name;
    this.readable = readable;
    this.linesBefore = linesBefore;
    this.lines = lines;
  }

  static TextLog ofFile(Path file) {
    List<String> before = read(moment -> tail(file), Instant.EPOCH);
    return new TextLog(file.toString(), !before.isEmpty(), before.size(), moment -> tail(file));
  }

  static TextLog ofCommand(String name, JournalCommand command) {
    boolean readable = !read(moment -> run(command.check()), Instant.EPOCH).isEmpty();
    return new TextLog(name, readable, 0, moment -> run(command.since(moment)));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean isReadable() {
    return readable;
  }

  @Override
  public Reading await(Instant from, Duration patience, Predicate<LogTrace> enough) {
    long end = System.nanoTime() + patience.toNanos();
    List<LogTrace> traces = traces(from);
    while (traces.stream().noneMatch(enough) && System.nanoTime() + AGAIN.toNanos() < end) {
      LockSupport.parkNanos(AGAIN.toNanos());
      traces = traces(from);
    }
    return new Reading(traces, false);
  }

  private List<LogTrace> traces(Instant from) {
    var parser = new KernelLogParser();
    List<LogTrace> traces = new ArrayList<>();
    List<String> all = read(lines, from);
    for (int i = 0; i < all.size(); i++) {
      boolean isNew = i >= linesBefore;
      LogLine.parse(all.get(i), boot)
          .filter(line -> line.at().map(at -> !at.isBefore(from)).orElse(isNew))
          .flatMap(line -> trace(parser, line))
          .ifPresent(traces::add);
    }
    return traces;
  }

  private static Optional<LogTrace> trace(KernelLogParser parser, LogLine line) {
    return line.program().equals("kernel")
        ? parser.accept(line.message())
        : KernelLogParser.daemon(line.program(), line.message());
  }

  private static List<String> read(Lines lines, Instant moment) {
    try {
      return lines.since(moment);
    } catch (IOException | SecurityException unreadable) {
      return List.of();
    }
  }

  private static List<String> tail(Path file) throws IOException {
    try (var channel = Files.newByteChannel(file)) {
      long start = Math.max(0, channel.size() - TAIL);
      channel.position(start);
      byte[] bytes = Channels.newInputStream(channel).readNBytes(TAIL);
      return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    }
  }

  private static List<String> run(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    process.getOutputStream().close();
    Thread watch = Thread.startVirtualThread(() -> endAfterLimit(process));
    try (var out = process.inputReader(StandardCharsets.UTF_8)) {
      return out.readAllLines();
    } finally {
      process.destroyForcibly();
      watch.interrupt();
    }
  }

  private static void endAfterLimit(Process process) {
    try {
      if (!process.waitFor(COMMAND_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException done) {
      process.destroyForcibly();
    }
  }

  @Override
  public void close() {
    // Nothing stays open.
  }
}
