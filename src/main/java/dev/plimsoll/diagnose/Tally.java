package dev.plimsoll.diagnose;

/// How often the effect occurred.
///
/// @param hits experiments in which it did
/// @param runs all experiments
public record Tally(int hits, int runs) {
  public static final Tally NONE = new Tally(0, 0);

  /// How many misses in a row show that the effect is absent, after it occurred this often where it
  /// is present: the probability of that many misses although it is present, by Bayes, if before
  /// the first experiment every rate was equally likely.
  ///
  /// @param doubt accepted probability of error
  int misses(double doubt) {
    return misses(1, doubt);
  }

  /// The same if half of all interfering tests act every time: none of these is left after a miss,
  /// and after n hits without a miss the others are 1 in n + 2.
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
