package dev.plimsoll.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Finds the valid word nearest to a misspelled one, by optimal string alignment distance: edits of
/// one letter and swaps of two neighbours.
public final class Nearest {
  private Nearest() {}

  /// The nearest word within a distance of two, or of half of the longer word.
  public static Optional<String> to(String wrong, Collection<String> valid) {
    return valid.stream()
        .filter(word ->
            distance(wrong, word) <= Math.max(2, Math.max(wrong.length(), word.length()) / 2))
        .min(
            Comparator.comparingInt((String word) -> distance(wrong, word))
                .thenComparing(Comparator.naturalOrder()));
  }

  public static int distance(String left, String right) {
    String a = left.toLowerCase(java.util.Locale.ROOT);
    String b = right.toLowerCase(java.util.Locale.ROOT);
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        d[i][j] = Math.min(i, j) == 0 ? Math.max(i, j) : step(d, a, b, i, j);
      }
    }
    return d[a.length()][b.length()];
  }

  private static int step(int[][] d, String a, String b, int i, int j) {
    int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
    int best = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + cost);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, d[i - 2][j - 2] + 1) : best;
  }
}
