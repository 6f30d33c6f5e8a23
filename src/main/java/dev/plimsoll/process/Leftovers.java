package dev.plimsoll.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// Look whether processes of a run are left, by the mark in their environment.
///
/// A process shows no environment for some microseconds while it executes another program: one that
/// is younger than this process and shows none is looked at again, for as long as the watchdog
/// would.
final class Leftovers {
  private static final int LOOKS = 20;
  private static final long PAUSE = 1_000_000;

  private final ProcFiles files;
  private final List<String> marks;

  /// @param proc usually `/proc`
  /// @param marks each `NAME=value`; a process has one of them
  Leftovers(Path proc, List<String> marks) {
    this.files = new ProcFiles(proc);
    this.marks = marks;
  }

  /// Whether there is one.
  boolean any() {
    long since = began(ProcessHandle.current().pid());
    Set<Long> known = new HashSet<>();
    List<Long> fresh = files.pids();
    // One that ends while the others are read may have started another: list until none is new.
    while (known.addAll(fresh)) {
      if (any(fresh, since)) {
        return true;
      }
      fresh = files.pids().stream().filter(pid -> !known.contains(pid)).toList();
    }
    return false;
  }

  private boolean any(List<Long> pids, long since) {
    List<Long> open = pids;
    for (int look = 0; look < LOOKS && !open.isEmpty(); look++) {
      if (look > 0) {
        LockSupport.parkNanos(PAUSE);
      }
      List<Long> hidden = new ArrayList<>();
      for (long pid : open) {
        Optional<String> environment = files.text(pid, "environ");
        if (environment.filter(this::isMarked).isPresent()) {
          return true;
        }
        if (environment.filter(String::isEmpty).isPresent() && isYounger(pid, since)) {
          hidden.add(pid);
        }
      }
      open = hidden;
    }
    return false;
  }

  private boolean isMarked(String environment) {
    return marks.stream().anyMatch(mark -> ProcFiles.holds(environment, mark));
  }

  private boolean isYounger(long pid, long since) {
    return files
        .stat(pid)
        .filter(entry -> !entry.isZombie() && !entry.isKernelThread())
        .filter(entry -> entry.key().start() >= since)
        .isPresent();
  }

  /// When a process began, in clock ticks since boot.
  private long began(long pid) {
    return files.stat(pid).map(entry -> entry.key().start()).orElse(0L);
  }
}
