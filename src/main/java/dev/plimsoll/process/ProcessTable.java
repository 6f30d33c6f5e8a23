package dev.plimsoll.process;

import dev.plimsoll.model.ProcessKey;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The processes of the machine and the trees they form, kept up to date cheaply.
///
/// {@link #refresh()} lists `/proc` and reads the `stat` file only of pids it has not seen, plus a
/// slice of the known ones in turn, since a process changes its parent when that one ends and a pid
/// may come back as another process. A process belongs to a tree when a chain of parents leads to
/// the root, or when it carries the run's mark in its environment (`_PLIMSOLL_RUN=ID`): browsers
/// and daemons leave their group, session and parent, but keep their environment. Once a member,
/// always a member, so that a child whose parent has ended stays in its tree. One thread at a time.
public final class ProcessTable {
  /// Known processes that are read again at each refresh.
  private static final int SLICE = 4;

  private final ProcFiles files;
  private final Map<Long, ProcessEntry> entries = new HashMap<>();
  private final Map<ProcessKey, Set<ProcessKey>> trees = new HashMap<>();

  /// Trees as they were told since the table last changed.
  private final Map<ProcessKey, Set<ProcessKey>> told = new HashMap<>();

  private Map<Long, List<ProcessEntry>> children = Map.of();
  private boolean grown;
  private int turn;

  /// @param proc usually `/proc`
  public ProcessTable(Path proc) {
    files = new ProcFiles(proc);
  }

  /// Bring the table up to date: newcomers in, ended processes out. Twice a second is enough.
  public void refresh() {
    List<Long> pids = files.pids();
    boolean changed = entries.keySet().retainAll(new HashSet<>(pids)) || grown;
    grown = false;
    turn++;
    int slices = Math.max(1, pids.size() / SLICE);
    for (int i = 0; i < pids.size(); i++) {
      long pid = pids.get(i);
      if (!entries.containsKey(pid) || i % slices == turn % slices) {
        changed |= read(pid);
      }
    }
    if (changed) {
      told.clear();
      children = entries.values().stream().collect(Collectors.groupingBy(ProcessEntry::parent));
    }
  }

  /// Read every process again.
  public void reload() {
    entries.clear();
    told.clear();
    refresh();
  }

  /// Whether trees may have changed by it.
  private boolean read(long pid) {
    Optional<ProcessEntry> now = files.stat(pid);
    if (now.isEmpty()) {
      return entries.remove(pid) != null;
    }
    ProcessEntry before = entries.put(pid, now.get());
    return before == null || !now.get().isPlacedAs(before);
  }

  /// All processes as of the last refresh.
  public List<ProcessEntry> all() {
    return List.copyOf(entries.values());
  }

  public Optional<ProcessEntry> find(long pid) {
    return Optional.ofNullable(entries.get(pid));
  }

  /// The key of a process that runs now, read from the system; empty when there is none.
  public Optional<ProcessKey> key(long pid) {
    return files.stat(pid).map(ProcessEntry::key);
  }

  /// The key of this process.
  public ProcessKey self() {
    return key(ProcessHandle.current().pid()).orElseThrow();
  }

  /// What the environment that a process was started with sets `name` to; empty for other users'
  /// processes, and for a moment while a process executes another program.
  public Optional<String> variable(long pid, String name) {
    return files.value(pid, name);
  }

  /// Whether this very process still runs (a zombie does not).
  public boolean isAlive(ProcessKey key) {
    return files.stat(key.pid()).filter(e -> e.key().equals(key) && !e.isZombie()).isPresent();
  }

  /// The tree below `root`, the root first, as of the last refresh; descendants that lost their
  /// parent since an earlier call are still in it. Zombies are left out.
  public Set<ProcessKey> tree(ProcessKey root) {
    if (!isListed(root) && read(root.pid())) {
      grown = true; // who is below whom is found out at the next refresh
      told.clear();
    }
    Set<ProcessKey> before = told.get(root);
    if (before != null) {
      return before;
    }
    Set<ProcessKey> known = trees.computeIfAbsent(root, r -> new LinkedHashSet<>());
    known.removeIf(key -> !isListed(key));
    if (isListed(root)) {
      known.add(root);
    }
    grow(known);
    Set<ProcessKey> now = Collections.unmodifiableSet(new LinkedHashSet<>(known));
    told.put(root, now);
    return now;
  }

  /// Processes whose environment holds `NAME=value` and everything below them, from a fresh look at
  /// the whole system.
  public Set<ProcessKey> marked(String variable) {
    reload();
    Set<ProcessKey> found = new LinkedHashSet<>();
    for (ProcessEntry entry : entries.values()) {
      if (!entry.isZombie() && files.hasVariable(entry.pid(), variable)) {
        found.add(entry.key());
      }
    }
    grow(found);
    return found;
  }

  private boolean isListed(ProcessKey key) {
    ProcessEntry entry = entries.get(key.pid());
    return entry != null && entry.key().equals(key) && !entry.isZombie();
  }

  /// Add children of members until no more are found. A parent link counts only to a process that
  /// is not younger than its child: otherwise the parent's pid has been used again.
  private void grow(Set<ProcessKey> members) {
    Deque<ProcessKey> next = new ArrayDeque<>(members);
    while (!next.isEmpty()) {
      ProcessKey parent = next.remove();
      for (ProcessEntry child : children.getOrDefault(parent.pid(), List.of())) {
        boolean younger = parent.start() <= child.key().start() && !child.isZombie();
        if (younger && members.add(child.key())) {
          next.add(child.key());
        }
      }
    }
  }
}
