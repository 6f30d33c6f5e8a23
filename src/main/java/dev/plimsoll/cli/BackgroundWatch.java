package dev.plimsoll.cli;

import dev.plimsoll.calibrate.Background;
import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.model.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Take down what other programs do while something of ours runs.
///
/// Processor time of all (`/proc/stat`, first line) less that of this process and of the children
/// it has waited for (fields 14 to 17 of `/proc/self/stat`, proc(5)). Memory: by how much available
/// memory is lower once our processes are gone. Both are in clock ticks, of which a second has 100
/// on every Linux that Plimsoll runs on (`USER_HZ`).
final class BackgroundWatch {
  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final double TICKS_PER_SECOND = 100;

  private final SystemRoot root;
  private final Optional<Ticks> before;
  private final Bytes available;
  private final long began;

  BackgroundWatch(SystemRoot root, Bytes available) {
    this.root = root;
    this.before = ticks();
    this.available = available;
    this.began = System.nanoTime();
  }

  /// What others took since this watch began.
  Background end(Bytes availableNow) {
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
    var own = root.text("/proc/self/stat");
    if (all.isEmpty() || own.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Ticks(busy(all.get()), own(own.get())));
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

  static long own(String stat) {
    var fields = words(stat.substring(stat.lastIndexOf(')') + 1));
    long own = 0;
    for (int field = 11; field <= 14 && field < fields.size(); field++) {
      own += Long.parseLong(fields.get(field));
    }
    return own;
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
