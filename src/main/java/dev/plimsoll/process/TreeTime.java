package dev.plimsoll.process;

import dev.plimsoll.model.ProcessKey;
import dev.plimsoll.process.ProcFiles.Ticks;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The processor time of a process and of everything below it, also of what nobody waited for.
///
/// A process's time goes to its parent when that waits for it, and is lost otherwise: a browser
/// ends before its helpers do, and with them went half of the time of a browser suite. So the tree
/// is looked at again and again. When processes are gone, what they were last seen to have taken
/// must have reached their nearest ancestor that lives on, as time of children it waited for; what
/// has not is lost and counted here. Off by what was used between the last look and the end. One
/// thread at a time.
public final class TreeTime {
  private final ProcFiles files;
  private final ProcessTable table;
  private final ProcessKey root;
  private Map<ProcessKey, Ticks> seen = new HashMap<>();
  private long lost;

  /// @param proc usually `/proc`
  public TreeTime(Path proc, ProcessKey root) {
    this.files = new ProcFiles(proc);
    this.table = new ProcessTable(proc);
    this.root = root;
    look();
  }

  /// Look at the tree; a few times a second.
  public void look() {
    table.refresh();
    Map<ProcessKey, Ticks> now = new HashMap<>();
    for (ProcessKey key : table.tree(root)) {
      files
          .ticks(key.pid())
          .filter(t -> t.entry().key().equals(key))
          .ifPresent(t -> now.put(key, t));
    }
    owed(now).forEach((heir, ticks) -> lost += Math.max(0, ticks - inherited(heir, now)));
    seen = now;
  }

  /// What the processes that are gone owe to each that lives on.
  private Map<ProcessKey, Long> owed(Map<ProcessKey, Ticks> now) {
    Map<ProcessKey, Long> owed = new HashMap<>();
    for (var entry : seen.entrySet()) {
      if (!now.containsKey(entry.getKey())) {
        owed.merge(heir(entry.getValue(), now), entry.getValue().all(), Long::sum);
      }
    }
    return owed;
  }

  private ProcessKey heir(Ticks gone, Map<ProcessKey, Ticks> now) {
    Set<Long> passed = new HashSet<>();
    Optional<Ticks> at = Optional.of(gone);
    while (at.isPresent() && passed.add(at.get().entry().pid())) {
      long parent = at.get().entry().parent();
      at = seen.values().stream().filter(ticks -> ticks.entry().pid() == parent).findFirst();
      if (at.isPresent() && now.containsKey(at.get().entry().key())) {
        return at.get().entry().key();
      }
    }
    return root;
  }

  private long inherited(ProcessKey heir, Map<ProcessKey, Ticks> now) {
    long before = Optional.ofNullable(seen.get(heir)).map(Ticks::waited).orElse(0L);
    return Optional.ofNullable(now.get(heir)).map(Ticks::waited).orElse(before) - before;
  }

  /// All of it so far, in clock ticks, as of the last look.
  public long ticks() {
    return lost + seen.values().stream().mapToLong(Ticks::all).sum();
  }
}
