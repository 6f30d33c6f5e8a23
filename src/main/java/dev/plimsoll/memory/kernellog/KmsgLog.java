package dev.plimsoll.memory.kernellog;

import dev.plimsoll.process.SteadyClock;
import dev.plimsoll.verdict.LogTrace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Follow `/dev/kmsg` in a thread of its own.
///
/// Each read gives one record, `LEVEL,SEQUENCE,MICROSECONDS,FLAGS;MESSAGE`, and blocks when there
/// is none; a read fails with EPIPE when records were overwritten before they were read, and goes
/// on with the oldest that is left (Documentation/ABI/testing/dev-kmsg). Only records of the
/// kernel's own facility count: programs may write to the device too.
final class KmsgLog implements LogSource {
  private record Entry(Instant at, LogTrace trace) {}

  /// Records read within this time after opening may be old: their own time stamp is used. It is
  /// also used later for those that are older than this and what the clocks may differ by: a loaded
  /// machine reads the old ones late.
  private static final Duration BACKLOG = Duration.ofSeconds(1);

  /// The most that the kernel's clock is corrected by (`MAX_TICKADJ`, 500 ppm), as a part of the
  /// time since boot.
  private static final int DRIFT = 2000;

  private final Path path;
  private final Instant opened;
  private final KernelLogParser parser = new KernelLogParser();
  private final List<Entry> entries = new ArrayList<>();
  private final @Nullable FileChannel channel;
  private Instant lastGap = Instant.MIN;
  private long nextSequence = -1;

  KmsgLog(Path path) {
    this(path, SteadyClock.now());
  }

  KmsgLog(Path path, Instant opened) {
    this.path = path;
    this.opened = opened;
    channel = open(path);
    if (channel != null) {
      Thread.ofPlatform().daemon().name("kernel-log").start(this::follow);
    }
  }

  private static @Nullable FileChannel open(Path path) {
    try {
      return FileChannel.open(path, StandardOpenOption.READ);
    } catch (IOException forbidden) {
      return null;
    }
  }

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public boolean isReadable() {
    return channel != null;
  }

  private void follow() {
    var buffer = ByteBuffer.allocate(16 << 10);
    FileChannel open = channel;
    while (open != null && open.isOpen()) {
      try {
        buffer.clear();
        if (open.read(buffer) <= 0) {
          return;
        }
        record(new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8));
      } catch (IOException failed) {
        if (!"Broken pipe".equals(failed.getMessage())) {
          return;
        }
        noteGap();
      }
    }
  }

  private synchronized void noteGap() {
    lastGap = SteadyClock.now();
    nextSequence = -1;
  }

  /// Take in one record.
  synchronized void record(String record) {
    int semicolon = record.indexOf(';');
    String[] head = record.substring(0, Math.max(semicolon, 0)).split(",", -1);
    if (head.length < 4) {
      return;
    }
    long sequence = Long.parseLong(head[1]);
    if (nextSequence >= 0 && sequence != nextSequence) {
      lastGap = SteadyClock.now();
    }
    nextSequence = sequence + 1;
    if (Integer.parseInt(head[0]) < 8) {
      String message = record.substring(semicolon + 1).lines().findFirst().orElse("");
      parser
          .accept(message)
          .ifPresent(trace -> entries.add(new Entry(moment(Long.parseLong(head[2])), trace)));
      notifyAll();
    }
  }

  /// The kernel's stamps count from boot without suspended time, as `nanoTime` does on Linux, but
  /// may drift from it over days; so they serve for old records only.
  private Instant moment(long micros) {
    Instant now = SteadyClock.now();
    long sinceBoot = System.nanoTime();
    long age = sinceBoot - micros * 1000;
    boolean isNew = age <= BACKLOG.toNanos() + sinceBoot / DRIFT;
    if (isNew && Duration.between(opened, now).compareTo(BACKLOG) > 0) {
      return now;
    }
    Instant stamped = now.minusNanos(age);
    return stamped.isAfter(now) ? now : stamped;
  }

  @Override
  public synchronized Reading await(Instant from, Duration patience, Predicate<LogTrace> enough) {
    long end = System.nanoTime() + patience.toNanos();
    Optional<LogTrace> found = find(from, enough);
    long left = end - System.nanoTime();
    while (found.isEmpty() && left > 0) {
      try {
        wait(left / 1_000_000, (int) (left % 1_000_000));
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
        break;
      }
      found = find(from, enough);
      left = end - System.nanoTime();
    }
    return new Reading(since(from), !lastGap.isBefore(from));
  }

  private Optional<LogTrace> find(Instant from, Predicate<LogTrace> enough) {
    return since(from).stream().filter(enough).findFirst();
  }

  private List<LogTrace> since(Instant from) {
    return entries.stream().filter(e -> !e.at().isBefore(from)).map(Entry::trace).toList();
  }

  @Override
  public void close() {
    FileChannel open = channel;
    if (open != null) {
      try {
        open.close();
      } catch (IOException alreadyClosed) {
        noteGap();
      }
    }
  }
}
