package dev.plimsoll.run.chain;

import dev.plimsoll.model.ProcessKey;
import dev.plimsoll.process.ProcessEntry;
import dev.plimsoll.process.ProcessTable;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Finds the workers of Playwright among the processes below its runner.
///
/// Playwright tells nobody the pids of its workers. But a worker sets `TEST_PARALLEL_INDEX` (its
/// slot; documented) in its own environment before it starts a browser, so the browser's processes
/// have it in theirs; the worker is the child of the runner above them. A worker that starts
/// nothing is not found: it is small. Once found it stays known until it ends, also between two
/// browsers. A process shows another environment, or none, until it executes its own program, which
/// takes seconds on a busy machine: one whose worker is not known is asked each time.
final class WorkerTrees {
  private static final String SLOT = "TEST_PARALLEL_INDEX";

  private final ProcessTable table = new ProcessTable(Path.of("/proc"));
  private final Map<ProcessKey, Integer> slots = new HashMap<>();
  private final Map<Integer, ProcessKey> workers = new HashMap<>();

  /// A worker's process and everything that belongs to it.
  record Tree(ProcessKey root, Set<ProcessKey> members) {
    Tree {
      members = Set.copyOf(members);
    }
  }

  /// The workers now, by slot.
  Map<Integer, Tree> below(long runner) {
    table.refresh();
    Optional<ProcessKey> root = table.key(runner);
    Set<ProcessKey> all = root.map(table::tree).orElse(Set.of());
    slots.keySet().retainAll(all);
    Set<ProcessKey> known = new HashSet<>();
    workers.values().forEach(worker -> known.addAll(table.tree(worker)));
    all.stream().filter(process -> !known.contains(process)).forEach(this::look);
    slots.forEach((process, slot) -> above(process, runner).ifPresent(key -> learn(slot, key)));
    workers.values().removeIf(key -> !table.isAlive(key));
    Map<Integer, Tree> found = new HashMap<>();
    workers.forEach((slot, worker) -> found.put(slot, tree(slot, worker)));
    return found;
  }

  private void look(ProcessKey process) {
    table
        .variable(process.pid(), SLOT)
        .filter(text -> text.matches("[0-9]{1,6}"))
        .ifPresent(text -> slots.put(process, Integer.parseInt(text)));
  }

  /// The child of the runner that a process is below; empty when its parent has ended.
  private Optional<ProcessKey> above(ProcessKey process, long runner) {
    Optional<ProcessEntry> at = table.find(process.pid());
    while (at.isPresent() && at.get().parent() != runner) {
      at = table.find(at.get().parent());
    }
    return at.map(ProcessEntry::key);
  }

  /// A new worker takes the slot of one that has ended before the last browser of that one is gone.
  private void learn(int slot, ProcessKey worker) {
    workers.merge(slot, worker, (one, other) -> one.start() >= other.start() ? one : other);
  }

  private Tree tree(int slot, ProcessKey worker) {
    Set<ProcessKey> members = new HashSet<>(table.tree(worker));
    members.add(worker);
    slots.forEach((process, own) -> {
      if (own == slot && process.start() >= worker.start()) {
        members.add(process);
      }
    });
    return new Tree(worker, members);
  }

  boolean isAlive(ProcessKey process) {
    return table.isAlive(process);
  }
}
