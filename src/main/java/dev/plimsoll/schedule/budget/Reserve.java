package dev.plimsoll.schedule.budget;

import dev.plimsoll.model.Bytes;

/// Memory that is never planned with: headroom for the rest of the machine, and for what a test
/// allocates between two samples.
///
/// @param least the smallest reserve
/// @param share part of the machine's memory, from 0 to 1, when that is more
/// @param air part of a control group's limit that stays free below it, from 0 to 1
public record Reserve(Bytes least, double share, double air) {
  /// 512 MiB or 10 %, whichever is more.
  public static final Reserve USUAL = new Reserve(Bytes.mib(512), 0.10);

  /// A group's limit is hard: what else lives in it (Plimsoll itself, page tables, files being
  /// written) needs a little air too.
  private static final double SHARE_OF_CEILING = 0.05;

  /// Below a small limit that share is gone before a worker can be killed: a test that allocates 1
  /// GB/s takes 35 MB, 5 % of 700 MB, in 35 ms, and on busy cores the look alone can be 20 ms late.
  /// Half of this lasts 60 ms.
  private static final Bytes TIME_TO_KILL = Bytes.mib(120);

  /// What a limit spares for that at most, in relation to {@link #air}.
  private static final double MOST = 3;

  /// A reserve with the usual air below limits.
  public Reserve(Bytes least, double share) {
    this(least, share, SHARE_OF_CEILING);
  }

  public Reserve {
    if (least.value() < 0 || !(share >= 0 && share < 1)) {
      throw new IllegalArgumentException("a reserve is a size and a share below 1");
    }
  }

  /// What stays free on a machine with this much memory.
  public Bytes of(Bytes total) {
    return least.max(total.times(share));
  }

  /// What stays free below a group's limit: a share of it, and on small ones more than that; never
  /// more than {@link #least}.
  public Bytes below(Bytes limit) {
    Bytes time = TIME_TO_KILL.times(air / SHARE_OF_CEILING).min(limit.times(air * MOST));
    return least.min(limit.times(air).max(time));
  }

  /// Half of it, everywhere.
  public Reserve half() {
    return new Reserve(least.times(0.5), share / 2, air / 2);
  }
}
