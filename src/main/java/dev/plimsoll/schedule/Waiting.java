package dev.plimsoll.schedule;

import dev.plimsoll.estimate.GroupTimes;
import java.time.Duration;

/// How many workers a suite can use whose tests wait: for sleeps, sockets, disks and processes of
/// others.
///
/// While a test waits, its core is free for another test. Tests that compute for a third of their
/// time keep the cores busy with three workers for each core. Tests that compute start only while
/// the running ones leave a core idle ({@link WorkerPool#hasIdleCore}), so more workers cost memory
/// and no time.
public final class Waiting {
  /// From this share of computing on, more workers than cores gain less than what they cost.
  private static final double COMPUTES = 0.75;

  /// The most workers for each core, and in all: what `calibrate.levels` tries by default. More
  /// need a measurement, since a suite that waits for one server does not finish sooner.
  private static final int PER_CORE = 4;

  private static final int MOST = 16;

  /// Less work than this is not worth another worker.
  private static final Duration LEAST_WORK = Duration.ofMillis(250);

  private Waiting() {}

  /// The number of workers.
  ///
  /// @param safe the number without this knowledge, and the least answer
  public static int workers(int safe, int cores, GroupTimes times) {
    double computing = times.computing();
    if (computing >= COMPUTES) {
      return safe;
    }
    double wall = times.wall().toNanos();
    double byCores = Math.ceil(cores / Math.max(computing, 1.0 / MOST));
    double useful = Math.ceil(wall / Math.max(times.longest().toNanos(), LEAST_WORK.toNanos()));
    double most = Math.min(MOST, PER_CORE * cores);
    return Math.max(safe, (int) Math.min(most, Math.min(byCores, useful)));
  }
}
