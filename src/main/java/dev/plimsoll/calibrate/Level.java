package dev.plimsoll.calibrate;

import dev.plimsoll.model.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/// Everything measured with one number of workers.
///
/// A suite may be measured in parts; their times add up. Each part may have been run several times;
/// its time is the median. The order of the rows plays no part.
public record Level(int workers, SortedMap<String, List<Measurement>> parts) {
  /// The levels of these rows, fewest workers first.
  public static List<Level> of(List<Measurement> rows) {
    var levels = new TreeMap<Integer, TreeMap<String, List<Measurement>>>();
    for (Measurement row : rows) {
      levels
          .computeIfAbsent(row.workers(), _ -> new TreeMap<>())
          .computeIfAbsent(row.part(), _ -> new ArrayList<>())
          .add(row);
    }
    var list = new ArrayList<Level>();
    levels.forEach((workers, parts) -> list.add(new Level(workers, parts)));
    return list;
  }

  /// Median time of each part, added up; noisy runs count only where a part has no quiet one.
  public Duration time() {
    return parts.values().stream().map(Level::median).reduce(Duration.ZERO, Duration::plus);
  }

  /// How far the runs of the slowest part lie apart, as a share of its median time.
  public double spread() {
    return parts.values().stream().mapToDouble(Level::spread).max().orElse(0);
  }

  /// How many times the whole suite was run.
  public int runs() {
    return parts.values().stream().mapToInt(List::size).min().orElse(0);
  }

  /// Named parts that were measured; empty when the suite was measured as a whole.
  SequencedSet<String> names() {
    var names = new TreeSet<>(parts.keySet());
    names.remove("");
    return names;
  }

  boolean clean() {
    return rows().stream().allMatch(row -> row.outcomes().clean());
  }

  /// Whether every row says how many tests passed and were skipped.
  boolean counted() {
    return rows().stream().allMatch(row -> row.outcomes().counted());
  }

  int passed() {
    return count(Outcomes::passed);
  }

  int skipped() {
    return count(Outcomes::skipped);
  }

  /// Whether two runs of one part differ in how many tests passed or were skipped.
  boolean unsteady() {
    return counted()
        && parts.values().stream()
            .anyMatch(runs ->
                runs.stream()
                        .map(r -> List.of(r.outcomes().passed(), r.outcomes().skipped()))
                        .distinct()
                        .count()
                    > 1);
  }

  /// Highest swap in use after one of its runs.
  public Amount swapAfter() {
    return fold(MemoryUse::swapAfter, Amount::max);
  }

  public Amount peak() {
    return fold(MemoryUse::peak, Amount::max);
  }

  public Amount left() {
    return fold(MemoryUse::left, Amount::min);
  }

  public Amount total() {
    return fold(MemoryUse::total, Amount::min);
  }

  Amount swapBefore() {
    return fold(MemoryUse::swapBefore, Amount::min);
  }

  /// How much swap grew while this level ran; unknown unless its start was taken down.
  Amount ownSwapGrowth() {
    Amount before = swapBefore();
    Amount after = swapAfter();
    return before.known() && after.known()
        ? Amount.of(after.bytes().minus(before.bytes()).max(Bytes.ZERO))
        : Amount.UNKNOWN;
  }

  public List<Measurement> rows() {
    return parts.values().stream().flatMap(List::stream).toList();
  }

  private int count(ToIntFunction<Outcomes> count) {
    return parts.values().stream()
        .mapToInt(
            runs -> runs.stream().mapToInt(r -> count.applyAsInt(r.outcomes())).min().orElse(0))
        .sum();
  }

  private Amount fold(Function<MemoryUse, Amount> figure, BinaryOperator<Amount> operator) {
    return rows().stream().map(Measurement::memory).map(figure).reduce(Amount.UNKNOWN, operator);
  }

  private static Duration median(List<Measurement> runs) {
    var times = times(runs);
    int middle = times.size() / 2;
    return times.size() % 2 == 1
        ? times.get(middle)
        : times.get(middle - 1).plus(times.get(middle)).dividedBy(2);
  }

  private static double spread(List<Measurement> runs) {
    var times = times(runs);
    long middle = Math.max(1, median(runs).toNanos());
    return (double) times.getLast().minus(times.getFirst()).toNanos() / middle;
  }

  private static List<Duration> times(List<Measurement> runs) {
    var quiet = runs.stream().filter(run -> !run.noisy()).toList();
    return (quiet.isEmpty() ? runs : quiet)
        .stream().map(Measurement::time).sorted(Comparator.naturalOrder()).toList();
  }
}
