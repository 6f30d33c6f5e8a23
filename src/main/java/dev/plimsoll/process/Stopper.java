package dev.plimsoll.process;

import dev.plimsoll.model.ProcessKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// Stop processes: ask with TERM, wait a grace, then KILL, and look again for what was started in
/// between.
///
/// A process that took over the pid of an ended one is left alone ({@link Signals}). This process
/// itself is never signalled. A stopped process (`SIGSTOP`) takes no TERM but ends by KILL.
public final class Stopper {
  private static final Duration LOOK = Duration.ofMillis(10);
  private static final int ROUNDS = 20;

  private final ProcessTable table;

  public Stopper(ProcessTable table) {
    this.table = table;
  }

  /// What became of a request to stop.
  ///
  /// @param ended processes that are gone
  /// @param left processes that could not be stopped (another user's, or stuck in the kernel)
  public record Stopped(List<ProcessKey> ended, List<ProcessKey> left) {
    public Stopped {
      ended = List.copyOf(ended);
      left = List.copyOf(left);
    }
  }

  /// Stop the trees below these processes.
  public Stopped stopTrees(Collection<ProcessKey> roots, Duration grace) {
    Set<ProcessKey> met = new LinkedHashSet<>();
    return stop(
        () -> {
          table.reload();
          roots.forEach(root -> met.addAll(table.tree(root)));
          met.addAll(roots);
          return met;
        },
        grace);
  }

  /// Stop every process that carries `NAME=value` in its environment, and what they started.
  public Stopped stopMarked(String variable, Duration grace) {
    return stop(() -> marked(variable), grace);
  }

  /// Stop exactly these processes, not their children.
  public Stopped stop(Collection<ProcessKey> keys, Duration grace) {
    return stop(() -> new LinkedHashSet<>(keys), grace);
  }

  /// A process shows no environment for a moment while it executes another program, so an empty
  /// look is followed by a second one.
  private Set<ProcessKey> marked(String variable) {
    Set<ProcessKey> found = table.marked(variable);
    if (!found.isEmpty()) {
      return found;
    }
    LockSupport.parkNanos(LOOK.toNanos());
    return table.marked(variable);
  }

  private Stopped stop(Supplier<Set<ProcessKey>> targets, Duration grace) {
    Set<ProcessKey> met = new LinkedHashSet<>();
    if (grace.isPositive()) {
      alive(targets.get(), met).forEach(key -> signal(key, false));
      awaitEnd(met, grace);
    }
    List<ProcessKey> left = alive(targets.get(), met);
    for (int round = 0; round < ROUNDS && !left.isEmpty(); round++) {
      left.forEach(key -> signal(key, true));
      awaitEnd(left, LOOK.multipliedBy(20));
      left = alive(targets.get(), met);
    }
    List<ProcessKey> ended = new ArrayList<>(met);
    ended.removeAll(left);
    return new Stopped(ended, left);
  }

  private List<ProcessKey> alive(Set<ProcessKey> targets, Set<ProcessKey> met) {
    long own = ProcessHandle.current().pid();
    List<ProcessKey> alive =
        targets.stream().filter(key -> key.pid() != own && table.isAlive(key)).toList();
    met.addAll(alive);
    return alive;
  }

  private static void signal(ProcessKey key, boolean kill) {
    if (kill) {
      Signals.kill(key);
    } else {
      Signals.terminate(key);
    }
  }

  private void awaitEnd(Collection<ProcessKey> keys, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    while (System.nanoTime() < end && keys.stream().anyMatch(table::isAlive)) {
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }
}
