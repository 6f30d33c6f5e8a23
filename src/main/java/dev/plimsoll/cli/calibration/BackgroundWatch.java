package dev.plimsoll.cli.calibration;

import dev.plimsoll.calibrate.Background;
import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ProcessKey;
import dev.plimsoll.process.ProcessTable;
import dev.plimsoll.process.TreeTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// Measures what other programs do while a trial runs.
///
/// Processor time of all (`/proc/stat`, first line) less that of this process and of everything
/// below it (see {@link TreeTime}). Memory: by how much available memory is lower once our
/// processes are gone. Both are in clock ticks, of which a second has 100 on every Linux that
/// Plimsoll runs on (`USER_HZ`).
final class BackgroundWatch implements AutoCloseable {
  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final Duration EVERY = Duration.ofMillis(250);
  private static final double TICKS_PER_SECOND = 100;

  private final SystemRoot root;
  private final TreeTime tree;
  private final Optional<Ticks> before;
  private final CountDownLatch end = new CountDownLatch(1);
  private final Thread thread;
  private final Bytes available;
  private final long began;

  BackgroundWatch(SystemRoot root, Bytes available) {
    this.root = root;
    this.tree = new TreeTime(root.at("/proc"), self(root));
    this.before = ticks();
    this.available = available;
    this.began = System.nanoTime();
    this.thread = Thread.ofPlatform().name("background").daemon().start(this::look);
  }

  private static ProcessKey self(SystemRoot root) {
    long pid = ProcessHandle.current().pid();
    return new ProcessTable(root.at("/proc")).key(pid).orElseThrow();
  }

  private void look() {
    try {
      while (!end.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        tree.look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    end.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// What others took since this watch began.
  Background end(Bytes availableNow) {
    close();
    tree.look();
    var after = ticks();
    long nanos = System.nanoTime() - began;
    if (before.isEmpty() || after.isEmpty() || nanos <= 0) {
      return Background.UNKNOWN;
    }
    long others = after.get().others() - before.get().others();
    double cores = Math.max(0, others / TICKS_PER_SECOND / (nanos / 1e9));
    Bytes grown = available.minus(availableNow).max(Bytes.ZERO);
    return Background.of(cores, grown, Runtime.getRuntime().availableProcessors());
  }

  private Optional<Ticks> ticks() {
    var all = root.text("/proc/stat");
    return all.map(text -> new Ticks(busy(text), tree.ticks()));
  }

  /// user, nice, system, irq and softirq; not idle, iowait or time stolen by other machines.
  static long busy(String stat) {
    var fields = words(stat.lines().findFirst().orElse(""));
    long busy = 0;
    for (int field : new int[] {1, 2, 3, 6, 7}) {
      busy += field < fields.size() ? Long.parseLong(fields.get(field)) : 0;
    }
    return busy;
  }

  private static List<String> words(String line) {
    return BLANKS.splitAsStream(line.strip()).toList();
  }

  private record Ticks(long all, long own) {
    long others() {
      return all - own;
    }
  }
}
