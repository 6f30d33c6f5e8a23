package dev.plimsoll.diagnose;

/// How often the effect showed.
///
/// @param hits experiments in which it did
/// @param runs all experiments
public record Tally(int hits, int runs) {
  public static final Tally NONE = new Tally(0, 0);

  /// How many misses in a row say that the effect is not there, after it showed as often as this
  /// where it is: their chance although it is there, by Bayes, when before the first experiment
  /// every chance to show was alike.
  ///
  /// @param doubt probability of being wrong that is accepted
  int misses(double doubt) {
    return misses(1, doubt);
  }

  /// The same when half of all culprits are believed to act every time: nothing is left of them
  /// once there was a miss, and after n hits without one the others are 1 in n + 2.
  int missesOfMost(double doubt) {
    return misses(hits == runs ? 1.0 / (hits + 2) : 1, doubt);
  }

  private int misses(double others, double doubt) {
    double wrong = others;
    int more = 0;
    while (wrong > doubt || more == 0) {
      wrong *= (runs - hits + more + 1.0) / (runs + more + 2);
      more++;
    }
    return more;
  }
}
