package dev.plimsoll.learn;

import dev.plimsoll.report.Words;
import java.util.List;
import java.util.Optional;

/// A failed test that passes with one worker, in runs of the same code.
///
/// @param workers how many workers its group had when it failed
/// @param failed how many of the runs with so many workers or more it failed in
/// @param runs how many such runs there were
/// @param alone how many times it passed with one worker
public record BesideOthers(String test, int workers, int failed, int runs, int alone) {
  /// Above this probability a test that fails as often with one worker, too, would have passed
  /// there each time by luck: nothing is known then.
  private static final double LUCK = 0.5;

  /// A run of the test.
  ///
  /// @param workers how many workers its group had
  public record Ran(int workers, boolean red) {}

  /// What the runs of this code say of a test that failed; nothing where it failed with one worker,
  /// too, or passed so few times with one that this may be luck.
  ///
  /// @param workers how many workers its group had when it failed
  /// @param all all runs of this code, that failure included
  public static Optional<BesideOthers> of(String test, int workers, List<Ran> all) {
    var alone = all.stream().filter(ran -> ran.workers() == 1).toList();
    if (workers < 2 || alone.isEmpty() || alone.stream().anyMatch(Ran::red)) {
      return Optional.empty();
    }
    var beside = all.stream().filter(ran -> ran.workers() >= workers).toList();
    int failed = (int) beside.stream().filter(Ran::red).count();
    double luck = Math.pow(1 - (double) failed / beside.size(), alone.size());
    if (luck > LUCK) {
      return Optional.empty();
    }
    return Optional.of(new BesideOthers(test, workers, failed, beside.size(), alone.size()));
  }

  /// What was seen, as a sentence.
  public String words() {
    return "`%s` fails only beside others: in %d of %s with %d workers or more, and in none of %d with one"
        .formatted(test, failed, Words.count(runs, "run"), workers, alone);
  }
}
