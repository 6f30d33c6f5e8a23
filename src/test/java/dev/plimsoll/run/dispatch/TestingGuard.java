package dev.plimsoll.run.dispatch;

import dev.plimsoll.engine.pytest.HostMessage;
import dev.plimsoll.engine.pytest.WorkerName;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.run.guard.Guard;
import dev.plimsoll.verdict.DeathClassifier;
import dev.plimsoll.verdict.DeathEvidence;
import dev.plimsoll.verdict.LogView;
import dev.plimsoll.verdict.MachineMemory;
import dev.plimsoll.verdict.ProcessEnd;
import dev.plimsoll.verdict.Verdict;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Contains nothing; judges by how a worker ended and by what Plimsoll did to it. A script says
/// which workers outlived a kill.
final class TestingGuard implements Guard {
  private final Map<Integer, Outlived> outlived = new HashMap<>();
  final Set<Integer> contained = new HashSet<>();

  void outlives(int worker, Outlived kills) {
    outlived.put(worker, kills);
  }

  @Override
  public void host(long pid) {
    contained.add(-1);
  }

  @Override
  public void worker(int number, long pid) {
    contained.add(number);
  }

  @Override
  public Verdict judge(HostMessage.Gone gone, Victim victim) {
    ProcessEnd ending =
        gone.signal() > 0
            ? new ProcessEnd.Signal(gone.signal())
            : gone.status() >= 0 ? new ProcessEnd.Exit(gone.status()) : new ProcessEnd.Unreported();
    return DeathClassifier.examine(
        new DeathEvidence(
            DeathEvidence.Kind.WORKER,
            "worker " + WorkerName.of(victim.number()),
            Set.of(gone.pid()),
            Set.of(),
            "",
            ending,
            victim.kill(),
            OptionalLong.empty(),
            1,
            new MachineMemory(Bytes.gib(8), Bytes.gib(6), OptionalLong.of(0)),
            LogView.UNREADABLE,
            victim.test(),
            victim.size(),
            victim.growth()));
  }

  @Override
  public Optional<Outlived> testEnds(int number, int test) {
    return Optional.ofNullable(outlived.remove(number));
  }

  @Override
  public Optional<Outlived> outlived(int number, int test) {
    return Optional.empty();
  }

  @Override
  public Optional<Outlived> ended(int number) {
    return Optional.ofNullable(outlived.remove(number));
  }

  @Override
  public void close() {
    contained.clear();
  }
}
