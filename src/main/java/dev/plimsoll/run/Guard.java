package dev.plimsoll.run;

import dev.plimsoll.engine.pytest.HostMessage;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.verdict.OwnKill;
import dev.plimsoll.verdict.Verdict;

/// Contains the processes of a run and judges the death of its workers.
public interface Guard extends AutoCloseable {
  /// The host lives.
  void host(long pid);

  /// A worker lives.
  void worker(int number, long pid);

  /// A worker ended; says why.
  Verdict judge(HostMessage.Gone gone, Victim victim);

  /// Processes that the kernel killed for memory in a living worker's group since this was last
  /// asked: children of its test, such as a browser's renderer.
  long childKills(int number);

  /// A worker ended as it was told to.
  void ended(int number);

  @Override
  void close();

  /// What the run knew of a worker.
  ///
  /// @param kill what we did to it
  /// @param test the test it ran, empty when none
  /// @param size memory it held when last seen
  /// @param growth how much of that came since the test began
  record Victim(int number, OwnKill kill, String test, Bytes size, Bytes growth) {}
}
