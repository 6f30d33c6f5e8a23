package dev.plimsoll.calibrate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// Estimate what share of later runs fails at a level, from the runs so far of all levels.
///
/// The model: from an unknown level on, each run fails with an unknown probability. Before any run,
/// each level is the first such one with the probability {@link #PRIOR}, so that eight levels are
/// as likely as not to have one, and the share of failing runs is one of {@link #SHARES}. Bayes'
/// rule weighs all pairs by the runs; the risk of a level is the mean probability over those pairs
/// whose level is not above it. So three passes are enough where nothing ever failed, and take more
/// where a higher level did.
final class FailureRisk {
  private static final List<Double> SHARES =
      List.of(0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.14, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9, 1.0);

  private static final double PRIOR = 0.5 / 8;

  private final List<Pair> pairs;
  private final double none;

  private FailureRisk(List<Pair> pairs, double none) {
    this.pairs = pairs;
    this.none = none;
  }

  /// A run of a level, and whether it failed.
  record Run(int workers, boolean failed) {}

  private record Pair(int level, double share, double weight) {}

  /// The risk after these runs.
  ///
  /// @param levels numbers of workers that may be the first unstable one
  static FailureRisk of(Collection<Integer> levels, Collection<Run> runs) {
    SortedSet<Integer> possible = new TreeSet<>(levels);
    runs.forEach(run -> possible.add(run.workers()));
    possible.remove(1);
    var pairs = new ArrayList<Pair>();
    double each = Math.min(PRIOR, 0.5 / Math.max(1, possible.size()));
    double prior = each / SHARES.size();
    for (int level : possible) {
      for (double share : SHARES) {
        pairs.add(new Pair(level, share, prior * likelihood(level, share, runs)));
      }
    }
    boolean failed = runs.stream().anyMatch(Run::failed);
    return new FailureRisk(pairs, failed ? 0 : 1 - each * possible.size());
  }

  private static double likelihood(int level, double share, Collection<Run> runs) {
    double likelihood = 1;
    for (Run run : runs) {
      double fails = run.workers() < level ? 0 : share;
      likelihood *= run.failed() ? fails : 1 - fails;
    }
    return likelihood;
  }

  /// The expected share of runs that fail with this many workers.
  double at(int workers) {
    double all = none + pairs.stream().mapToDouble(Pair::weight).sum();
    double failing =
        pairs.stream()
            .filter(pair -> pair.level() <= workers)
            .mapToDouble(pair -> pair.weight() * pair.share())
            .sum();
    return all > 0 ? failing / all : 1;
  }
}
