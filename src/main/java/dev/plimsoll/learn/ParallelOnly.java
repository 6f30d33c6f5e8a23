package dev.plimsoll.learn;

import dev.plimsoll.model.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// A test that failed in runs with several workers and never with one.
///
/// @param level the lowest number of workers it failed with
/// @param failed how many of the runs with so many workers or more it failed in
/// @param runs how many such runs there were
/// @param alone how many times it passed with one worker
/// @param until when the last of it was seen
public record ParallelOnly(String test, int level, int failed, int runs, int alone, Instant until) {
  /// Fewer failures, or fewer passes with one worker, may be chance.
  private static final int LEAST = 2;

  /// So many passes in a row at a level that failed say that the test was mended: one that fails in
  /// every second run would pass so often in 1 of 32 cases.
  private static final int MENDED = 5;

  /// What the recorded runs of one test say.
  ///
  /// Failures in parallel and passes with fewer workers must alternate at least once. When all of
  /// one kind came before all of the other, a change of the code between them explains it as well.
  static Optional<ParallelOnly> of(String test, List<RecordedTest> recorded) {
    var ordered = recorded.stream().sorted(Comparator.comparing(RecordedTest::at)).toList();
    var red = ordered.stream().filter(RecordedTest::red).toList();
    int level = red.stream().mapToInt(RecordedTest::workers).min().orElse(0);
    int alone = (int) ordered.stream().filter(s -> passed(s) && s.workers() == 1).count();
    if (level < 2 || red.size() < LEAST || alone < LEAST || !alternates(ordered, level)) {
      return Optional.empty();
    }
    int runs = (int) ordered.stream().filter(s -> s.workers() >= level).count();
    var finding = new ParallelOnly(test, level, red.size(), runs, alone, red.getLast().at());
    return finding.mended(ordered) ? Optional.empty() : Optional.of(finding);
  }

  /// Failures and passes with fewer workers, in time order, change over twice.
  private static boolean alternates(List<RecordedTest> ordered, int level) {
    var kinds = new ArrayList<Boolean>();
    for (RecordedTest recorded : ordered) {
      boolean lower = passed(recorded) && recorded.workers() < level;
      if ((recorded.red() || lower) && (kinds.isEmpty() || kinds.getLast() != recorded.red())) {
        kinds.add(recorded.red());
      }
    }
    return kinds.size() > 2;
  }

  /// Whether the test passed at this level again and again since it was last seen to fail.
  boolean mended(List<RecordedTest> recorded) {
    var since =
        recorded.stream().filter(s -> s.at().isAfter(until) && s.workers() >= level).toList();
    return since.size() >= MENDED && since.stream().noneMatch(RecordedTest::red);
  }

  private static boolean passed(RecordedTest recorded) {
    return recorded.result().outcome() == Outcome.PASSED;
  }

  /// What was seen, as a clause.
  public String words() {
    return "`%s` failed in %d of %d runs with %d workers or more, and passed %d times with one"
        .formatted(test, failed, runs, level, alone);
  }
}
