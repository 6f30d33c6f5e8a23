package dev.plimsoll.verdict;

import java.util.OptionalLong;
import java.util.Set;

/// All that is known about a browser, or a process of one, that died under a test.
///
/// @param what what the test runner saw die, in words: `its browser`
/// @param worker name of the test's worker, such as `pw0`
/// @param test the test that ran
/// @param pids the processes that the worker had below it since the test began, as we see them
/// @param cgroup name of the worker's own control group (the last part of the path), or empty
/// @param kills by how much the kill counter of that group rose since the test began; empty when
///   there is none
/// @param machine the machine's memory meanwhile
/// @param log what the logs tell of that interval
public record BrowserDeath(
    String what,
    String worker,
    String test,
    Set<Long> pids,
    String cgroup,
    OptionalLong kills,
    MachineMemory machine,
    LogView log) {
  public BrowserDeath {
    pids = Set.copyOf(pids);
  }
}
