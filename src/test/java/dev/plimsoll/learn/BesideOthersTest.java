package dev.plimsoll.learn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.learn.BesideOthers.Ran;
import java.util.List;
import org.junit.jupiter.api.Test;

class BesideOthersTest {
  private static final Ran ALONE = new Ran(1, false);
  private static final Ran FAILED = new Ran(8, true);

  @Test
  void countsTheRunsWithSoManyWorkersOrMore() {
    var all =
        List.of(ALONE, ALONE, new Ran(4, false), FAILED, new Ran(8, false), new Ran(9, false));
    assertThat(BesideOthers.of("t", 8, all)).contains(new BesideOthers("t", 8, 1, 3, 2));
    assertThat(BesideOthers.of("t", 8, all).orElseThrow().words())
        .isEqualTo(
            "`t` fails only beside others: in 1 of 3 runs with 8 workers or more, and in none of 2 with one");
  }

  /// One failure in six runs: three passes with one worker are luck in 58 of 100 cases.
  @Test
  void saysNothingWhereThePassesWithOneWorkerMayBeLuck() {
    Ran passed = new Ran(8, false);
    var all = List.of(ALONE, ALONE, ALONE, FAILED, passed, passed, passed, passed, passed);
    assertThat(BesideOthers.of("t", 8, all)).isEmpty();
  }

  @Test
  void saysNothingOfATestThatFailsWithOneWorkerOrNeverRanWithOne() {
    assertThat(BesideOthers.of("t", 8, List.of(ALONE, new Ran(1, true), FAILED))).isEmpty();
    assertThat(BesideOthers.of("t", 8, List.of(new Ran(2, false), FAILED))).isEmpty();
    assertThat(BesideOthers.of("t", 1, List.of(ALONE, FAILED))).isEmpty();
  }
}
