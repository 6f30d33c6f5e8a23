package dev.plimsoll.model;

/// How a memory figure was measured; stored with each figure, because they are not comparable.
public enum PeakSource {
  /// Peak counter of a memory cgroup: what the kernel charged.
  CGROUP("cgroup"),
  /// Sum of proportional set size and swap of a process tree, sampled.
  PSS("pss"),
  /// `VmHWM` after a reset in a fresh process: what this test allocated.
  HWM_FRESH("hwm-fresh"),
  /// `VmHWM` after a reset in a reused worker: a lower bound, since freed heap is used again.
  HWM_REUSED("hwm-reused"),
  /// Sum of resident set sizes: shared pages are counted once per process.
  RSS_SUM("rss-sum"),
  /// The process was killed: the peak is a lower bound.
  KILLED("killed"),
  /// The process was killed at a limit of memory with no other test beside it: the test needs more
  /// than there was.
  KILLED_ALONE("killed-alone"),
  NONE("none");

  private final String word;

  PeakSource(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  /// The source with this {@link #word()}, `NONE` when there is none.
  public static PeakSource ofWord(String word) {
    for (PeakSource source : values()) {
      if (source.word.equals(word)) {
        return source;
      }
    }
    return NONE;
  }
}
