package dev.plimsoll.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ShortTailTest {
  private static final long SECOND = 1_000_000;

  private static List<Unit> units(long... seconds) {
    var units = new ArrayList<Unit>();
    for (long time : seconds) {
      units.add(
          new Unit(
              0, List.of(units.size()), 0, Bytes.mib(1), Math.max(1, time * SECOND), false, 1));
    }
    return units;
  }

  private static List<Integer> order(List<Unit> units, int workers) {
    return ShortTail.of(units, workers).stream().map(unit -> unit.tests().getFirst()).toList();
  }

  private static long end(List<Unit> units, int workers) {
    var free = new PriorityQueue<Long>();
    for (int i = 0; i < workers; i++) {
      free.add(0L);
    }
    long last = 0;
    for (Unit unit : units) {
      long end = free.remove() + unit.micros();
      last = Math.max(last, end);
      free.add(end);
    }
    return last;
  }

  @Test
  void aLongUnitAtTheEndBeginsFirst() {
    assertThat(order(units(1, 1, 1, 1, 1, 1, 6), 2)).containsExactly(6, 0, 1, 2, 3, 4, 5);
  }

  @Test
  void theLongestOfSeveralIsTheFirst() {
    assertThat(order(units(1, 1, 1, 1, 1, 1, 1, 1, 5, 8), 2))
        .startsWith(9)
        .containsSubsequence(0, 1, 2, 3, 4, 5, 6, 7);
  }

  @Test
  void anOrderWithoutATailStays() {
    assertThat(order(units(1, 1, 1, 1, 1, 1, 1, 1), 4)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    assertThat(order(units(6, 1, 1, 1, 1, 1, 1), 2)).containsExactly(0, 1, 2, 3, 4, 5, 6);
  }

  @Test
  void anOrderStaysWhenNoOtherEndsSooner() {
    assertThat(order(units(3, 3, 3, 3, 3), 4)).containsExactly(0, 1, 2, 3, 4);
    assertThat(order(units(9, 1), 4)).containsExactly(0, 1);
  }

  @Test
  void oneWorkerKeepsTheOrder() {
    assertThat(order(units(1, 1, 9), 1)).containsExactly(0, 1, 2);
  }

  @Test
  void lessThanATenthOfASecondChangesNothing() {
    var units = new ArrayList<Unit>();
    for (int i = 0; i < 7; i++) {
      long micros = i == 6 ? 90_000 : 1_000;
      units.add(new Unit(0, List.of(i), 0, Bytes.mib(1), micros, false, 1));
    }
    assertThat(order(units, 2)).containsExactly(0, 1, 2, 3, 4, 5, 6);
  }

  /// No order of a random suite ends later than by path, and most end as soon as any could.
  @Test
  void noSuiteEndsLaterAndMostEndAsSoonAsAnyCould() {
    int near = 0;
    for (int seed = 0; seed < 1_000; seed++) {
      var random = new SplittableRandom(seed);
      int workers = 2 + random.nextInt(7);
      var units = new ArrayList<Unit>();
      long sum = 0;
      long longest = 0;
      int count = 10 + random.nextInt(300);
      for (int i = 0; i < count; i++) {
        // Most tests of a suite are short, and a few long.
        long micros = (long) (10_000 * Math.pow(1 - random.nextDouble(), -1.2));
        micros = Math.min(micros, 60 * SECOND);
        units.add(new Unit(0, List.of(i), 0, Bytes.mib(1), micros, false, 1));
        sum += micros;
        longest = Math.max(longest, micros);
      }
      long before = end(units, workers);
      var ordered = ShortTail.of(units, workers);
      assertThat(ordered).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(units);
      long after = end(ordered, workers);
      assertThat(after).as("seed %d", seed).isLessThanOrEqualTo(before);
      long bound = Math.max(sum / workers, longest);
      near += after <= bound + Math.max(100_000, after / 16) ? 1 : 0;
    }
    assertThat(near).isGreaterThan(950);
  }
}
