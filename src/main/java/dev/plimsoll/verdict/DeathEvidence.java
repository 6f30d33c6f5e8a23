package dev.plimsoll.verdict;

import dev.plimsoll.model.Bytes;
import java.util.OptionalLong;
import java.util.Set;

/// All that is known about a worker, or about a browser of one, that died.
///
/// @param kind what died
/// @param process its name in a sentence: `worker gw0`
/// @param pids its processes as we see them: the one of a worker, or all that a browser may have
///   had
/// @param children other processes in its group that a kill there may have meant instead; empty
///   when there were none, or when the kernel kills that group as a whole
/// @param cgroup name of its own control group (the last part of the path), empty when it had none
/// @param ending how it ended
/// @param ownKill what our journal says
/// @param ownKills by how much the kill counter of its own group rose; empty when it has none
/// @param deaths workers that died by SIGKILL in the same interval, this one counted
/// @param machine the machine's memory in that interval
/// @param log what the logs tell of that interval
/// @param test the test it ran, empty when none
/// @param size memory it held when last seen
/// @param growth how much of that had come since the test began
public record DeathEvidence(
    Kind kind,
    String process,
    Set<Long> pids,
    Set<Long> children,
    String cgroup,
    ProcessEnd ending,
    KillReason ownKill,
    OptionalLong ownKills,
    int deaths,
    MachineMemory machine,
    LogView log,
    String test,
    Bytes size,
    Bytes growth) {
  public DeathEvidence {
    pids = Set.copyOf(pids);
    children = Set.copyOf(children);
  }

  /// What died.
  public enum Kind {
    /// One process, whose parent waits for it. A kill of another process of its cgroup is not its
    /// own.
    WORKER,
    /// Some of the processes below a worker; nobody reports how they end. Any kill in that worker's
    /// cgroup is theirs.
    BROWSER
  }

  /// It, as the subject of a sentence.
  String who() {
    return process + (test.isEmpty() ? "" : " (in `" + test + "`)");
  }
}
