package dev.plimsoll.run.chain;

import dev.plimsoll.memory.MemorySensor;
import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.memory.TreeMemory;
import dev.plimsoll.memory.TreeMemory.Reading;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ProcessKey;
import dev.plimsoll.process.ProcessTable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Watches the memory of some process trees by name, each with its peak, and the highest use of the
/// whole machine.
///
/// Every half second it reads resident sizes, and every tenth time proportional sizes, which cost
/// far more (see {@link TreeMemory}): browsers share most of what is resident.
final class TreeWatch implements AutoCloseable {
  private static final Duration CADENCE = Duration.ofMillis(500);
  private static final int EXACT_EVERY = 10;

  private final ProcessTable table = new ProcessTable(Path.of("/proc"));
  private final TreeMemory memory = new TreeMemory(SystemRoot.system());
  private final MemorySensor sensor = new MemorySensor(SystemRoot.system());
  private final Map<String, ProcessKey> roots = new HashMap<>();
  private final Map<String, Reading> peaks = new HashMap<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private final Thread thread;
  private Bytes machinePeak = Bytes.ZERO;
  private long samples;

  TreeWatch() {
    thread = Thread.ofPlatform().name("tree-watch").daemon().start(this::watch);
  }

  /// Watch the tree below a process under a name.
  synchronized void add(String name, long pid) {
    table.key(pid).ifPresent(key -> roots.put(name, key));
  }

  /// Watch it no more; answers its peak and forgets it.
  synchronized Reading take(String name) {
    Optional.ofNullable(roots.remove(name)).ifPresent(table::forget);
    return Optional.ofNullable(peaks.remove(name)).orElse(Reading.NONE);
  }

  synchronized Reading peak(String name) {
    return peaks.getOrDefault(name, Reading.NONE);
  }

  /// The highest use of the whole machine's memory since this was last asked.
  synchronized Bytes takeMachinePeak() {
    Bytes peak = machinePeak.max(sensor.fresh().used());
    machinePeak = Bytes.ZERO;
    return peak;
  }

  private void watch() {
    try {
      while (!end.await(CADENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        sample();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void sample() {
    table.refresh();
    boolean exactly = samples++ % EXACT_EVERY == 0;
    Set<ProcessKey> all = new HashSet<>();
    roots.forEach((name, root) -> {
      Set<ProcessKey> tree = table.tree(root);
      all.addAll(tree);
      Reading reading = exactly ? memory.exact(tree) : memory.now(tree);
      peaks.merge(name, reading, Reading::max);
    });
    memory.retain(all);
    machinePeak = machinePeak.max(sensor.sample().used());
  }

  @Override
  public void close() {
    end.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    memory.close();
    sensor.close();
  }
}
