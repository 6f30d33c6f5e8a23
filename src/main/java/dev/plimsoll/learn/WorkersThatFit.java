package dev.plimsoll.learn;

import dev.plimsoll.model.Bytes;
import java.util.Comparator;
import java.util.List;

/// How many workers fit into a budget when any tests may run at the same time.
///
/// Plimsoll's own scheduler knows which tests run and starts no others that would not fit.
/// pytest-xdist does not, so as many of the largest tests as there are workers have to fit at once.
///
/// @param budget the memory that all workers may use together
/// @param worker what a worker holds besides its test
/// @param peaks what each known test needs, the largest first
public record WorkersThatFit(Bytes budget, Bytes worker, List<Bytes> peaks) {
  public WorkersThatFit {
    peaks = peaks.stream().sorted(Comparator.reverseOrder()).toList();
  }

  /// The number of workers, at least 1.
  ///
  /// @param most the number that nobody would exceed
  public int count(int most) {
    Bytes held = Bytes.ZERO;
    for (int count = 0; count < most; count++) {
      held = held.plus(worker).plus(count < peaks.size() ? peaks.get(count) : Bytes.ZERO);
      if (held.compareTo(budget) > 0) {
        return Math.max(1, count);
      }
    }
    return Math.max(1, most);
  }
}
