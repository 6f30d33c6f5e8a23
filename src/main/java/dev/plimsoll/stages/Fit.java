package dev.plimsoll.stages;

import dev.plimsoll.model.Bytes;

/// Calculates how many workers of a stage fit the memory budget.
///
/// @param base the runner's memory without its workers
/// @param each the memory of a worker with its browser
/// @param known whether it was measured on this machine, or is a typical figure
public record Fit(Bytes base, Bytes each, boolean known) {
  /// What Playwright's runner and one worker with a Chromium take in a small suite, measured with
  /// `examples/web` (0.2 GiB, and 0.5 GiB for each worker).
  public static final Fit USUAL = new Fit(Bytes.mib(200), Bytes.mib(500), false);

  /// What an earlier run says.
  ///
  /// @param peak what the stage took in all
  public static Fit of(Bytes peak, int workers) {
    Bytes base = USUAL.base.min(peak.times(0.5));
    return new Fit(base, peak.minus(base).times(1.0 / workers), true);
  }

  /// How many of the wanted workers fit; one always runs.
  public int workers(int wanted, Bytes budget) {
    long headroom = Math.max(0, budget.minus(base).value());
    long fitting = headroom / Math.max(1, each.value());
    return (int) Math.max(1, Math.min(wanted, fitting));
  }
}
