package dev.plimsoll.run.guard;

import dev.plimsoll.engine.pytest.HostMessage;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.verdict.KillReason;
import dev.plimsoll.verdict.Verdict;
import java.util.Optional;

/// Contains the processes of a run and judges the death of its workers.
public interface Guard extends AutoCloseable {
  /// The host lives.
  void host(long pid);

  /// A worker lives.
  void worker(int number, long pid);

  /// A worker ended; says why.
  Verdict judge(HostMessage.Gone gone, Victim victim);

  /// A test has ended in this worker; what the worker outlived meanwhile.
  Optional<Outlived> testEnds(int number, int test);

  /// Kills in a worker's group that the worker outlived, each told once, as of a look at memory.
  ///
  /// @param test the test that it runs now, {@link Outlived#NO_TEST} for none
  Optional<Outlived> outlived(int number, int test);

  /// A worker ended as it was told to; what it had outlived and was not told yet.
  Optional<Outlived> ended(int number);

  @Override
  void close();

  /// What the run knew of a worker.
  ///
  /// @param kill what we did to it
  /// @param test the test it ran, empty when none
  /// @param size memory it held when last seen
  /// @param growth how much of that came since the test began
  record Victim(int number, KillReason kill, String test, Bytes size, Bytes growth) {}

  /// Processes that the kernel killed for memory under a worker that lives on: children of its
  /// test, such as a browser's renderer.
  ///
  /// @param test the test that ran, {@link #NO_TEST} for none
  record Outlived(int test, long kills) {
    public static final int NO_TEST = -1;
  }
}
