package dev.plimsoll.stages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ProcessKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How many browsers fit, and which one is given up.
class BrowserMemoryTest {
  @ParameterizedTest
  @CsvSource({"4,8000,4", "4,1800,3", "4,1300,2", "4,300,1", "4,0,1", "1,0,1"})
  void whatDoesNotFitIsNotStarted(int wanted, long budgetMib, int expected) {
    assertThat(Fit.USUAL.workers(wanted, Bytes.mib(budgetMib))).isEqualTo(expected);
  }

  @Test
  void whatWasMeasuredCounts() {
    Fit fit = Fit.of(Bytes.mib(200 + 4 * 900), 4);
    assertThat(fit.each()).isEqualTo(Bytes.mib(900));
    assertThat(fit.workers(4, Bytes.mib(2100))).isEqualTo(2);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theNumberNeverPassesTheBudgetExceptOneAlone(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 500; i++) {
      Fit fit = Fit.of(Bytes.mib(random.nextLong(1, 9000)), random.nextInt(1, 17));
      Bytes budget = Bytes.mib(random.nextLong(0, 20_000));
      int wanted = random.nextInt(1, 17);
      int workers = fit.workers(wanted, budget);
      assertThat(workers).isBetween(1, wanted);
      if (workers > 1) {
        assertThat(fit.base().plus(fit.each().times(workers))).isLessThanOrEqualTo(budget);
      }
    }
  }

  @Test
  void theLargestIsGivenUpAndTheNewestOfEquals() {
    assertThat(Relief.victim(Map.of(0, Bytes.mib(400), 1, Bytes.mib(900)))).contains(1);
    assertThat(Relief.victim(Map.of(0, Bytes.mib(400), 3, Bytes.mib(400)))).contains(3);
  }

  @Test
  void whoHoldsNextToNothingIsNotGivenUp() {
    assertThat(Relief.victim(Map.of(0, Bytes.mib(20)))).isEmpty();
    assertThat(Relief.victim(new HashMap<>())).isEmpty();
  }

  @Test
  void theNextIsGivenUpOnlyWhenEveryProcessOfTheLastIsGone() {
    var worker = new ProcessKey(100, 1);
    var browser = new ProcessKey(101, 1);
    var alive = new HashSet<>(Set.of(worker, browser));
    var relief = new Relief(alive::contains);
    Instant start = Instant.EPOCH.plusSeconds(60);
    assertThat(relief.isComing(start)).isFalse();
    relief.givenUp(Set.of(worker, browser), start);
    alive.remove(worker);
    assertThat(relief.isComing(start.plusMillis(10))).isTrue();
    alive.remove(browser);
    assertThat(relief.isComing(start.plusMillis(20))).isFalse();
  }

  @Test
  void aProcessThatHangsInTheKernelIsNotWaitedForWithoutEnd() {
    var relief = new Relief(_ -> true);
    Instant start = Instant.EPOCH.plusSeconds(60);
    relief.givenUp(Set.of(new ProcessKey(100, 1)), start);
    assertThat(relief.isComing(start.plusSeconds(9))).isTrue();
    assertThat(relief.isComing(start.plusSeconds(11))).isFalse();
  }
}
