package dev.plimsoll.run.chain;

import dev.plimsoll.engine.MemoryObserver;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.ProcessKey;
import dev.plimsoll.verdict.BrowserDeath;
import dev.plimsoll.verdict.BrowserDeathClassifier;
import dev.plimsoll.verdict.Cause;
import dev.plimsoll.verdict.DeathClassifier;
import dev.plimsoll.verdict.DeathEvidence;
import dev.plimsoll.verdict.KillReason;
import dev.plimsoll.verdict.LogView;
import dev.plimsoll.verdict.MachineMemory;
import dev.plimsoll.verdict.ProcessEnd;
import dev.plimsoll.verdict.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What was seen of the tests that run in a stage's workers, and why one of them died. One thread
/// at a time.
final class TestNotes {
  private final StageGuard guard;
  private final Supplier<MachineMemory> machine;
  private final Map<Integer, Current> tests = new HashMap<>();
  private final Map<Integer, KillReason> kills = new HashMap<>();
  private final List<String> evidence = new ArrayList<>();

  /// A test that runs.
  private static final class Current {
    final String id;
    final Instant since = Instant.now();
    final Set<Long> pids = new HashSet<>();
    @Nullable ProcessKey worker;
    Bytes peak = Bytes.ZERO;

    Current(String id) {
      this.id = id;
    }
  }

  /// @param machine tells the machine's memory since it was last asked
  TestNotes(StageGuard guard, Supplier<MachineMemory> machine) {
    this.guard = guard;
    this.machine = machine;
  }

  void began(int slot, String test) {
    tests.put(slot, new Current(test));
    guard.began(slot);
  }

  /// What the workers hold now.
  void saw(Map<Integer, WorkerTrees.Tree> workers, Map<Integer, Bytes> held) {
    tests.forEach((slot, test) -> {
      test.peak = test.peak.max(held.getOrDefault(slot, Bytes.ZERO));
      WorkerTrees.Tree tree = workers.get(slot);
      if (tree != null) {
        test.worker = tree.root();
        tree.members().forEach(key -> test.pids.add(key.pid()));
      }
    });
  }

  /// We end a worker; written down before the signal is sent.
  void killed(int slot, KillReason why) {
    kills.put(slot, why);
  }

  /// The most that was held while a test ran, which has ended; unknown when it was too short to be
  /// looked at.
  MemoryObserver.Held held(String test, PeakSource source) {
    for (var entry : tests.entrySet()) {
      if (entry.getValue().id.equals(test)) {
        Bytes peak = entry.getValue().peak;
        tests.remove(entry.getKey());
        return peak.isPositive()
            ? new MemoryObserver.Held(peak, source)
            : MemoryObserver.Held.UNKNOWN;
      }
    }
    return MemoryObserver.Held.UNKNOWN;
  }

  /// Why a worker or a browser died under a test.
  MemoryObserver.Finding examine(int slot, String test, MemoryObserver.Death death) {
    Current current = Optional.ofNullable(tests.get(slot)).orElseGet(() -> new Current(test));
    KillReason ours = Optional.ofNullable(kills.remove(slot)).orElse(new KillReason.None());
    LogView log = ours.isNone() ? guard.log(current.since, current.pids) : LogView.UNREADABLE;
    Verdict verdict =
        switch (death) {
          case MemoryObserver.Death.Browser(String what) when ours.isNone() ->
              BrowserDeathClassifier.examine(browser(what, slot, current, log));
          case MemoryObserver.Death.Browser _ ->
              DeathClassifier.examine(
                  worker(slot, current, new ProcessEnd.Unreported(), ours, log));
          case MemoryObserver.Death.Worker(int signal, int status) ->
              DeathClassifier.examine(worker(slot, current, ending(signal, status), ours, log));
        };
    // Nobody reports how a browser's process ends: one that is gone without any trace tells nothing
    // about memory.
    boolean memory = verdict.suggestsMoreMemory() && verdict.cause() != Cause.VANISHED;
    if (memory && verdict.cause() != Cause.PREEMPTED) {
      evidence.add(verdict.what());
      evidence.addAll(verdict.evidence());
    }
    boolean again = memory && verdict.cause() != Cause.TOO_LARGE;
    return new MemoryObserver.Finding(verdict.text(), again);
  }

  private BrowserDeath browser(String what, int slot, Current test, LogView log) {
    StageGuard.Count count = guard.since(slot);
    return new BrowserDeath(
        what, name(slot), test.id, test.pids, count.cgroup(), count.kills(), machine.get(), log);
  }

  private DeathEvidence worker(
      int slot, Current test, ProcessEnd ending, KillReason ours, LogView log) {
    ProcessKey root = test.worker;
    long pid = root == null ? 0 : root.pid();
    Set<Long> others = new HashSet<>(test.pids);
    others.remove(pid);
    StageGuard.Count count = guard.since(slot);
    return new DeathEvidence(
        name(slot),
        pid,
        others,
        count.cgroup(),
        ending,
        ours,
        count.kills(),
        1,
        machine.get(),
        log,
        test.id,
        test.peak,
        Bytes.ZERO);
  }

  private static ProcessEnd ending(int signal, int status) {
    if (signal > 0) {
      return new ProcessEnd.Signal(signal);
    }
    return status >= 0 ? new ProcessEnd.Exit(status) : new ProcessEnd.Unreported();
  }

  private static String name(int slot) {
    return "pw" + slot;
  }

  /// Facts about deaths for which memory was, or may have been, the reason.
  List<String> evidence() {
    return List.copyOf(evidence);
  }
}
