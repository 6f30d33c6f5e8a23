package dev.plimsoll.run.chain;

import dev.plimsoll.engine.MemoryObserver;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.ProcessKey;
import dev.plimsoll.process.SteadyClock;
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
    final Instant since = SteadyClock.now();
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
        DeathClassifier.examine(
            switch (death) {
              case MemoryObserver.Death.Browser(String what) when ours.isNone() ->
                  browser(what, slot, current, log);
              case MemoryObserver.Death.Browser _ ->
                  worker(slot, current, new ProcessEnd.Unreported(), ours, log);
              case MemoryObserver.Death.Worker(int signal, int status) ->
                  worker(slot, current, ending(signal, status), ours, log);
            });
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

  private DeathEvidence browser(String what, int slot, Current test, LogView log) {
    return evidence(
        DeathEvidence.Kind.BROWSER,
        what + " of " + name(slot),
        slot,
        test,
        test.pids,
        Set.of(),
        new ProcessEnd.Unreported(),
        new KillReason.None(),
        log);
  }

  private DeathEvidence worker(
      int slot, Current test, ProcessEnd ending, KillReason ours, LogView log) {
    ProcessKey root = test.worker;
    Set<Long> own = root == null ? Set.of() : Set.of(root.pid());
    Set<Long> others = new HashSet<>(test.pids);
    others.removeAll(own);
    return evidence(
        DeathEvidence.Kind.WORKER, name(slot), slot, test, own, others, ending, ours, log);
  }

  private DeathEvidence evidence(
      DeathEvidence.Kind kind,
      String process,
      int slot,
      Current test,
      Set<Long> pids,
      Set<Long> others,
      ProcessEnd ending,
      KillReason ours,
      LogView log) {
    StageGuard.Count count = guard.since(slot);
    return new DeathEvidence(
        kind,
        process,
        pids,
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
    return "worker pw" + slot;
  }

  /// Facts about deaths for which memory was, or may have been, the reason.
  List<String> evidence() {
    return List.copyOf(evidence);
  }
}
