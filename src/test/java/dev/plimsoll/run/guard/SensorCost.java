package dev.plimsoll.run.guard;

import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.memory.containment.ContainmentProbe;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ProcessKey;
import dev.plimsoll.process.ProcessTable;
import dev.plimsoll.schedule.budget.BudgetRule;
import dev.plimsoll.schedule.budget.Reserve;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// Measure what looking at memory costs: do what a run does at each of its looks, every 100 ms,
/// with a host of 16 workers of one child each, and print the CPU time of the looking thread as a
/// share of one core; first without control groups, then with them where they can be had.
///
/// Arguments: seconds (20), workers (16), milliseconds between looks (100).
public final class SensorCost {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private SensorCost() {}

  public static void main(String[] args) throws IOException {
    int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 20;
    int workers = args.length > 1 ? Integer.parseInt(args[1]) : 16;
    int cadence = args.length > 2 ? Integer.parseInt(args[2]) : 100;
    String start = "for i in $(seq " + workers + "); do sh -c 'sleep 1000 & wait' & done; wait";
    for (boolean contained : List.of(false, true)) {
      Process host = new ProcessBuilder("sh", "-c", start).start();
      while (host.descendants().count() < 2L * workers) {
        LockSupport.parkNanos(10_000_000);
      }
      List<ProcessHandle> tree = host.descendants().toList();
      try {
        measure(host, seconds, cadence, contained);
      } finally {
        tree.forEach(ProcessHandle::destroyForcibly);
        host.destroyForcibly();
      }
    }
  }

  private static void measure(Process host, int seconds, int cadence, boolean contained) {
    var table = new ProcessTable(Path.of("/proc"));
    ProcessKey self = table.self();
    var probe = new ContainmentProbe(SystemRoot.system(), self, table::isAlive);
    try (var memory =
            new SystemMemory(
                new BudgetRule.Auto(), Reserve.USUAL, Optional.empty(), InstantSource.system());
        var guard =
            new SystemGuard(
                probe.find(System.getenv()),
                self,
                table::isAlive,
                Bytes.gib(1),
                memory,
                InstantSource.system(),
                text -> System.err.println(text))) {
      Map<Integer, Long> pids = new HashMap<>();
      host.children().forEach(worker -> pids.put(pids.size(), worker.pid()));
      if (contained) {
        guard.host(host.pid());
        pids.forEach(guard::worker);
      }
      String word = contained ? "in control groups" : "without control groups";
      loop(2, cadence, memory, guard, host.pid(), pids, word + ", warming up");
      loop(seconds, cadence, memory, guard, host.pid(), pids, word);
    }
  }

  private static void loop(
      int seconds,
      int cadence,
      SystemMemory memory,
      Guard guard,
      long host,
      Map<Integer, Long> pids,
      String word) {
    int ticks = seconds * 1000 / cadence;
    long looking = 0;
    long children = 0;
    long start = System.nanoTime();
    long process = processTime();
    for (int tick = 0; tick < ticks; tick++) {
      long t0 = THREADS.getCurrentThreadCpuTime();
      memory.read(host, pids);
      long t1 = THREADS.getCurrentThreadCpuTime();
      pids.keySet().forEach(worker -> guard.outlived(worker, Guard.Outlived.NO_TEST));
      long t2 = THREADS.getCurrentThreadCpuTime();
      looking += t1 - t0;
      children += t2 - t1;
      LockSupport.parkNanos(start + (tick + 1L) * cadence * 1_000_000 - System.nanoTime());
    }
    double wall = System.nanoTime() - start;
    System.out.printf(
        "%s: %d looks at %d workers; each %d us, kills of children %d us; %.2f %% of one core"
            + " (whole process, with JIT and GC: %.2f %%)%n",
        word,
        ticks,
        pids.size(),
        looking / ticks / 1000,
        children / ticks / 1000,
        (looking + children) * 100 / wall,
        (processTime() - process) * 100 / wall);
  }

  private static long processTime() {
    return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
        .getProcessCpuTime();
  }
}
