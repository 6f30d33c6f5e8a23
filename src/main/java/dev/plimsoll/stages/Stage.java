package dev.plimsoll.stages;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// One step of a chain.
///
/// @param folder where it runs, relative to the project; empty for the project's own directory
/// @param needs names of the stages that must have succeeded before
/// @param env added to the environment
/// @param limit time limit of the whole stage, zero for none
/// @param stall how long no test of it may begin or end, zero for as long as it likes
/// @param server whether the server under test must be up
/// @param exclusivity what may run on this machine at the same time
public record Stage(
    String name,
    Work work,
    String folder,
    List<String> needs,
    Map<String, String> env,
    Duration limit,
    Duration stall,
    boolean server,
    Exclusivity exclusivity) {
  public Stage {
    needs = List.copyOf(needs);
    env = Map.copyOf(env);
  }

  /// What may run at the same time as a stage, in this run and in others of the same user.
  public enum Exclusivity {
    /// Anything: the stage is light.
    ANY,
    /// Other suites that share, as pytest suites do.
    SHARED,
    /// No other suite: peaks of memory and I/O would add up.
    ALONE
  }
}
