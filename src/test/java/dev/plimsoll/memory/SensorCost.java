package dev.plimsoll.memory;

import dev.plimsoll.model.ProcessKey;
import dev.plimsoll.process.ProcessTable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// Measure what sensing costs: run it for some seconds at a cadence of 100 ms with 16 workers of
/// one child each, the process table twice a second, and print the CPU time of the sensing thread
/// as a share of one core.
///
/// Arguments: seconds (20), workers (16), milliseconds between samples (100).
public final class SensorCost {
  private SensorCost() {}

  public static void main(String[] args) throws IOException {
    int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 20;
    int workers = args.length > 1 ? Integer.parseInt(args[1]) : 16;
    int cadence = args.length > 2 ? Integer.parseInt(args[2]) : 100;
    List<Process> processes = new ArrayList<>();
    try {
      for (int i = 0; i < workers; i++) {
        processes.add(new ProcessBuilder("sh", "-c", "sleep 1000 & wait").start());
      }
      measure(processes, seconds, cadence);
    } finally {
      processes.forEach(process -> process.descendants().forEach(ProcessHandle::destroyForcibly));
      processes.forEach(Process::destroyForcibly);
    }
  }

  private static void measure(List<Process> processes, int seconds, int cadence) {
    var root = SystemRoot.system();
    var table = new ProcessTable(Path.of("/proc"));
    try (var sensor = new MemorySensor(root);
        var memory = new TreeMemory(root)) {
      List<ProcessKey> roots =
          processes.stream().map(process -> table.key(process.pid()).orElseThrow()).toList();
      loop(2, cadence, table, sensor, memory, roots, "warming up");
      loop(seconds, cadence, table, sensor, memory, roots, "measured");
    }
  }

  private static void loop(
      int seconds,
      int cadence,
      ProcessTable table,
      MemorySensor sensor,
      TreeMemory memory,
      List<ProcessKey> roots,
      String word) {
    var threads = ManagementFactory.getThreadMXBean();
    int ticks = seconds * 1000 / cadence;
    long sampling = 0;
    long listing = 0;
    long trees = 0;
    long start = System.nanoTime();
    long process = processTime();
    int members = 0;
    for (int tick = 0; tick < ticks; tick++) {
      long t0 = threads.getCurrentThreadCpuTime();
      sensor.sample();
      long t1 = threads.getCurrentThreadCpuTime();
      if (tick % 5 == 0) {
        table.refresh();
      }
      long t2 = threads.getCurrentThreadCpuTime();
      members = readTrees(table, memory, roots);
      long t3 = threads.getCurrentThreadCpuTime();
      sampling += t1 - t0;
      listing += t2 - t1;
      trees += t3 - t2;
      LockSupport.parkNanos(start + (tick + 1L) * cadence * 1_000_000 - System.nanoTime());
    }
    double wall = System.nanoTime() - start;
    System.out.printf(
        "%s: %d ticks, %d processes of %d; per tick: sample %d us, process table %d us, trees %d"
            + " us; %.2f %% of one core (whole process, with JIT and GC: %.2f %%)%n",
        word,
        ticks,
        members,
        table.all().size(),
        sampling / ticks / 1000,
        listing / ticks / 1000,
        trees / ticks / 1000,
        (sampling + listing + trees) * 100 / wall,
        (processTime() - process) * 100 / wall);
  }

  private static long processTime() {
    return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
        .getProcessCpuTime();
  }

  private static int readTrees(ProcessTable table, TreeMemory memory, List<ProcessKey> roots) {
    Set<ProcessKey> all = new LinkedHashSet<>();
    for (ProcessKey root : roots) {
      Set<ProcessKey> tree = table.tree(root);
      memory.now(tree);
      all.addAll(tree);
    }
    memory.retain(all);
    return all.size();
  }
}
