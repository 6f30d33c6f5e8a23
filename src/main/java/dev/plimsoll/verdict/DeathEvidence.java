package dev.plimsoll.verdict;

import dev.plimsoll.model.Bytes;
import java.util.OptionalLong;
import java.util.Set;

/// All that is known about a worker that died.
///
/// @param worker name such as `gw0`
/// @param pid its pid as we see it
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
    String worker,
    long pid,
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
    children = Set.copyOf(children);
  }
}
