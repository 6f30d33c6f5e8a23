package dev.plimsoll.calibrate.choice;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/// Everything measured with one number of workers.
///
/// A suite may be measured in parts; their times add up, unless it was measured as a whole too.
/// Each part may have been run several times; its time is the median. The order of the rows plays
/// no part.
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
    return whole().stream().map(Level::median).reduce(Duration.ZERO, Duration::plus);
  }

  /// How far the runs of the slowest part lie apart, as a share of its median time.
  public double spread() {
    return whole().stream().mapToDouble(Level::spread).max().orElse(0);
  }

  /// How many times the whole suite was run.
  public int runs() {
    return whole().stream().mapToInt(List::size).min().orElse(0);
  }

  /// The runs that make up the suite, part by part.
  private Collection<List<Measurement>> whole() {
    var runs = parts.get("");
    return runs == null ? parts.values() : List.of(runs);
  }

  /// Whether both levels were measured as a whole, or in the same parts.
  boolean comparesWith(Level other) {
    boolean both = parts.containsKey("") && other.parts.containsKey("");
    return both || parts.keySet().equals(other.parts.keySet());
  }

  /// Named parts that were measured; empty when the suite was measured as a whole.
  SequencedSet<String> names() {
    var names = new TreeSet<>(parts.keySet());
    names.remove("");
    return names;
  }

  public boolean clean() {
    return rows().stream().allMatch(row -> row.outcomes().clean());
  }

  /// Tests that passed in a run of the suite, known when every row says it.
  OptionalInt passed() {
    return count(Outcomes::passed);
  }

  OptionalInt skipped() {
    return count(Outcomes::skipped);
  }

  /// Whether two runs of one part differ in how many tests passed or were skipped.
  boolean unsteady() {
    return parts.values().stream()
        .anyMatch(runs -> differ(runs, Outcomes::passed) || differ(runs, Outcomes::skipped));
  }

  private static boolean differ(List<Measurement> runs, Function<Outcomes, OptionalInt> count) {
    var counts = runs.stream().map(Measurement::outcomes).map(count);
    return counts.filter(OptionalInt::isPresent).distinct().count() > 1;
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

  /// The run during which swap grew most, of those whose start was taken down: what other levels
  /// left in swap between two runs is not this one's doing.
  Optional<MemoryUse> swapGrowth() {
    return rows().stream()
        .map(Measurement::memory)
        .filter(memory -> memory.swapBefore().known() && memory.swapAfter().known())
        .max(
            Comparator.comparing(MemoryUse::swapGrowth)
                .thenComparing(memory -> memory.swapAfter().bytes()));
  }

  public List<Measurement> rows() {
    return parts.values().stream().flatMap(List::stream).toList();
  }

  private OptionalInt count(Function<Outcomes, OptionalInt> count) {
    int sum = 0;
    for (List<Measurement> runs : whole()) {
      var counts = runs.stream().map(Measurement::outcomes).map(count).toList();
      if (!counts.stream().allMatch(OptionalInt::isPresent)) {
        return OptionalInt.empty();
      }
      sum += counts.stream().mapToInt(OptionalInt::getAsInt).min().orElse(0);
    }
    return OptionalInt.of(sum);
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
