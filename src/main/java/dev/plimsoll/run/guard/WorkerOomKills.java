package dev.plimsoll.run.guard;

import dev.plimsoll.memory.containment.WorkerCgroup;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// The control group of one worker, and which of the kernel's kills in it were told.
final class WorkerOomKills implements AutoCloseable {
  private final WorkerCgroup workerCgroup;
  private final long pid;
  private OptionalLong told;

  /// What the kernel had counted in all groups when this one was last asked: as long as that
  /// stands, so does this one's count.
  private OptionalLong everywhere = OptionalLong.empty();

  /// The test that ran when kills were first seen that are not told yet; empty when there are none.
  private OptionalInt suspect = OptionalInt.empty();

  WorkerOomKills(WorkerCgroup workerCgroup, long pid) {
    this.workerCgroup = workerCgroup;
    this.pid = pid;
    this.told = workerCgroup.kills();
  }

  /// By how much the count of kills rose since it was last told; empty where none is kept.
  OptionalLong untold() {
    return rise(workerCgroup.kills());
  }

  private OptionalLong rise(OptionalLong now) {
    return now.isPresent() && told.isPresent()
        ? OptionalLong.of(now.getAsLong() - told.getAsLong())
        : OptionalLong.empty();
  }

  /// A test has ended: kills so far were during it. The worker has just said so, and outlived them
  /// if it lives.
  Optional<Guard.Outlived> testEnds(SystemMemory memory, int test) {
    if (!sees(test) || memory.isGone(pid)) {
      return Optional.empty();
    }
    return rest();
  }

  /// Whether there are untold kills; the test that runs when they are first seen is the suspect.
  private boolean sees(int test) {
    boolean rose = untold().orElse(0) > 0;
    if (rose && suspect.isEmpty()) {
      suspect = OptionalInt.of(test);
    }
    return rose;
  }

  /// Kills that the worker survived, reported once, as of a memory sample. They appear at the first
  /// look after that which shows them: the worker itself may be the one that was killed, and needs
  /// a moment to be gone. Its own death stays untold here, as evidence.
  ///
  /// @param test the test that runs now
  Optional<Guard.Outlived> look(SystemMemory memory, int test) {
    OptionalLong all = memory.killsSeen();
    if (all.isPresent() && all.equals(everywhere)) {
      return Optional.empty();
    }
    boolean sure = suspect.isPresent() && !memory.isGone(pid);
    if (sees(test) && !sure) {
      return Optional.empty();
    }
    everywhere = all;
    return rest();
  }

  /// The worker has ended as it was told to: kills that it outlived and that were not told yet.
  Optional<Guard.Outlived> rest() {
    OptionalLong now = workerCgroup.kills();
    long kills = rise(now).orElse(0);
    int test = suspect.orElse(Guard.Outlived.NO_TEST);
    told = now;
    suspect = OptionalInt.empty();
    return kills > 0 ? Optional.of(new Guard.Outlived(test, kills)) : Optional.empty();
  }

  /// Its name in the kernel's log.
  String name() {
    return workerCgroup.name();
  }

  boolean killsTogether() {
    return workerCgroup.killsTogether();
  }

  @Override
  public void close() {
    workerCgroup.close();
  }
}
