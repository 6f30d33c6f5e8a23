package dev.plimsoll.report;

import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;

/// Whether more workers would have made a run faster, in one sentence that says what it rests on.
public final class MoreWorkers {
  /// Of the budget, or of the time, from which one thing alone bounds a run.
  private static final int MOST_PERCENT = 60;

  private static final int FULL_PERCENT = 85;

  private MoreWorkers() {}

  /// One sentence on whether more workers would make this run faster, and what bounds it else.
  ///
  /// @param id how the id of a test is written
  public static String sentence(RunSummary run, UnaryOperator<String> id) {
    List<TestResult> ran = run.results().stream().filter(TestResult::ran).toList();
    int workers = run.workers().values().stream().mapToInt(Integer::intValue).max().orElse(0);
    if (ran.isEmpty() || workers == 0 || !run.duration().isPositive()) {
      return "";
    }
    long memory = percent(run.peak().value(), run.budget().value());
    if (memory >= FULL_PERCENT) {
      return "More workers would not help: the run used %d %% of its memory budget."
          .formatted(memory);
    }
    TestResult longest = ran.stream().max(Comparator.comparing(TestResult::duration)).orElseThrow();
    long alone = percent(longest.duration().toMillis(), run.duration().toMillis());
    if (alone >= MOST_PERCENT) {
      return "More workers would not help: %s alone took %d %% of the run's time."
          .formatted(id.apply(longest.id()), alone);
    }
    Duration busy = ran.stream().map(TestResult::duration).reduce(Duration.ZERO, Duration::plus);
    long used = percent(busy.toMillis(), run.duration().toMillis() * workers);
    return used < MOST_PERCENT
        ? "More workers would hardly help: tests ran in %d %% of the time that %s had."
            .formatted(used, Words.count(workers, "worker"))
        : "Tests ran in %d %% of the time that %s had; `plimsoll calibrate` measures whether more are faster."
            .formatted(used, Words.count(workers, "worker"));
  }

  private static long percent(long part, long whole) {
    return whole <= 0 ? 0 : Math.min(100, Math.round(100.0 * part / whole));
  }
}
