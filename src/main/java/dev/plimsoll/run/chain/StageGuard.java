package dev.plimsoll.run.chain;

import dev.plimsoll.files.FileTrouble;
import dev.plimsoll.memory.OomScore;
import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.memory.containment.Containment;
import dev.plimsoll.memory.containment.RunCgroup;
import dev.plimsoll.memory.containment.WorkerCgroup;
import dev.plimsoll.memory.kernellog.KernelLog;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ProcessKey;
import dev.plimsoll.verdict.LogTrace;
import dev.plimsoll.verdict.LogView;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Contains a stage and its workers in control groups, where the kernel allows that, and makes
/// workers and browsers the first that the kernel takes. Used by one thread at a time.
///
/// A worker is moved into its cgroup, with all below it, when it is first seen, and later whatever
/// one of them started while it was moved: what a process had allocated by then stays charged to
/// the stage.
final class StageGuard implements AutoCloseable {
  /// How long the kernel's record of a kill may take to appear.
  private static final Duration PATIENCE = Duration.ofMillis(200);

  /// What the kernel answers about a process that has ended.
  private static final String GONE = "No such process";

  private final Containment containment;
  private final ProcessKey self;
  private final Predicate<ProcessKey> isAlive;
  private final Consumer<String> warning;
  private final Map<Integer, Contained> workerCgroups = new HashMap<>();
  private final Map<Integer, Count> last = new HashMap<>();
  private final Map<Integer, Long> before = new HashMap<>();
  private @Nullable RunCgroup runCgroup;
  private @Nullable KernelLog log;
  private int serial;

  /// A worker's cgroup, whose it is, and who was put into it or started there.
  private record Contained(ProcessKey root, WorkerCgroup workerCgroup, Set<ProcessKey> members) {
    Count count() {
      return new Count(workerCgroup.name(), workerCgroup.kills());
    }

    /// Move who is new; whether anybody was.
    boolean hold(Set<ProcessKey> all) {
      members.retainAll(all);
      boolean grew = false;
      for (ProcessKey key : all) {
        if (members.add(key)) {
          move(key, workerCgroup);
          grew = true;
        }
      }
      return grew;
    }
  }

  /// What a worker's cgroup counts.
  ///
  /// @param cgroup its name, empty when the worker has none
  /// @param kills processes of it that the kernel has killed for memory
  record Count(String cgroup, OptionalLong kills) {
    private static final Count NONE = new Count("", OptionalLong.empty());
  }

  /// @param self this process
  StageGuard(
      Containment containment,
      ProcessKey self,
      Predicate<ProcessKey> isAlive,
      Consumer<String> warning) {
    this.containment = containment;
    this.self = self;
    this.isAlive = isAlive;
    this.warning = warning;
  }

  /// A runner has started: contain it.
  ///
  /// @param most what it may hold with everything below it
  void runner(long pid, Bytes most) {
    try {
      RunCgroup opened = runCgroup;
      if (opened != null) {
        opened.adoptHost(pid);
        return;
      }
      containment
          .open(self, pid, isAlive)
          .ifPresent(fresh -> {
            runCgroup = fresh;
            fresh.limitAll(most);
          });
    } catch (IOException e) {
      if (GONE.equals(e.getMessage())) {
        return; // a short command needs no limit any more
      }
      warning.accept("the kernel does not enforce memory limits: " + FileTrouble.why(e));
    }
  }

  /// The workers that live now. Whether one of them has new processes: they may be starting others
  /// at this moment.
  ///
  /// @param limit the most that one of them may hold
  boolean workers(Map<Integer, WorkerTrees.Tree> workers, Bytes limit) {
    Map.copyOf(workerCgroups)
        .forEach((slot, contained) -> {
          WorkerTrees.Tree tree = workers.get(slot);
          if (tree == null || !tree.root().equals(contained.root())) {
            last.put(slot, contained.count());
            workerCgroups.remove(slot);
            contained.workerCgroup().close();
          }
        });
    boolean grew = false;
    for (var worker : workers.entrySet()) {
      WorkerTrees.Tree tree = worker.getValue();
      grew |= contain(worker.getKey(), tree, limit);
      // A browser lowers the value of its page processes when it starts them.
      tree.members()
          .forEach(key -> OomScore.raise(SystemRoot.system(), key.pid(), OomScore.WORKER));
    }
    return grew;
  }

  private boolean contain(int slot, WorkerTrees.Tree tree, Bytes limit) {
    RunCgroup run = runCgroup;
    if (run == null) {
      return false;
    }
    try {
      Contained contained = workerCgroups.get(slot);
      if (contained == null) {
        WorkerCgroup workerCgroup = run.looseCgroup("pw" + slot + "-" + serial++, limit);
        contained = new Contained(tree.root(), workerCgroup, new HashSet<>());
        workerCgroups.put(slot, contained);
        last.remove(slot);
        before.remove(slot);
      }
      return contained.hold(tree.members());
    } catch (IOException e) {
      warning.accept("worker pw" + slot + " has no memory limit: " + FileTrouble.why(e));
      return false;
    }
  }

  private static void move(ProcessKey process, WorkerCgroup workerCgroup) {
    try {
      workerCgroup.add(process.pid());
    } catch (IOException gone) {
      // It has ended meanwhile, which is not worth a word.
      return;
    }
  }

  /// A test begins in this worker: kills count from now on.
  void began(int slot) {
    count(slot).kills().ifPresent(kills -> before.put(slot, kills));
  }

  /// What the cgroup of a worker has counted since its test began.
  Count since(int slot) {
    Count count = count(slot);
    long known = before.getOrDefault(slot, 0L);
    return count.kills().isEmpty()
        ? count
        : new Count(count.cgroup(), OptionalLong.of(count.kills().getAsLong() - known));
  }

  /// A worker's cgroup, or that which it had to the end.
  private Count count(int slot) {
    Contained contained = workerCgroups.get(slot);
    return contained == null ? last.getOrDefault(slot, Count.NONE) : contained.count();
  }

  /// What the logs tell since a moment.
  ///
  /// @param pids waits a little for a record that names one of these
  LogView log(Instant since, Set<Long> pids) {
    KernelLog opened = log;
    if (opened == null) {
      opened = KernelLog.open(SystemRoot.system());
      log = opened;
    }
    Set<Long> wanted = new HashSet<>(pids);
    return opened.since(
        since,
        PATIENCE,
        trace -> trace instanceof LogTrace.OomKill kill && wanted.contains(kill.pid()));
  }

  @Override
  public void close() {
    workerCgroups.values().forEach(contained -> contained.workerCgroup().close());
    RunCgroup run = runCgroup;
    if (run != null) {
      run.close();
    }
    KernelLog opened = log;
    if (opened != null) {
      opened.close();
    }
  }
}
