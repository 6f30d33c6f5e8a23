package dev.plimsoll.calibrate.choice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.RamAfter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds for any table of measurements.
class ChoicePropertiesTest {
  static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theOrderOfRowsChangesNothing(long seed) {
    var rows = table(new SplittableRandom(seed));
    var shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(seed));

    assertThat(ChoicePolicy.DEFAULT.choose(shuffled)).isEqualTo(ChoicePolicy.DEFAULT.choose(rows));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void anUnstableLevelIsNeverChosen(long seed) {
    var rows = table(new SplittableRandom(seed));
    var choice = ChoicePolicy.DEFAULT.choose(rows);

    var failed = rows.stream().filter(row -> !row.outcomes().clean()).map(Measurement::workers);
    assertThat(failed).doesNotContain(choice.workers());
    boolean oneIsStable = Level.of(rows).stream().anyMatch(l -> l.clean() && l.workers() == 1);
    assertThat(choice.found() || !oneIsStable).as("%s", choice).isTrue();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void anUnstableLevelMoreLeavesTheChoiceAmongThoseBelowIt(long seed) {
    var random = new SplittableRandom(seed);
    var rows = table(random);
    var more = new ArrayList<>(rows);
    int workers = unused(rows, random);
    double seconds = 0.1 + random.nextDouble(200);
    more.add(
        random.nextBoolean()
            ? row(workers, seconds, random.nextInt(2000), 1)
            : row(workers, seconds, random.nextInt(2000), 0, 0));
    var below = rows.stream().filter(row -> row.workers() < workers).toList();

    assertThat(ChoicePolicy.DEFAULT.choose(more).workers())
        .isEqualTo(ChoicePolicy.DEFAULT.choose(below).workers());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void noLevelAboveAFailedOneIsChosen(long seed) {
    var rows = table(new SplittableRandom(seed));
    int failed =
        rows.stream()
            .filter(row -> !row.outcomes().clean())
            .mapToInt(Measurement::workers)
            .min()
            .orElse(Integer.MAX_VALUE);

    assertThat(ChoicePolicy.DEFAULT.choose(rows).workers()).isLessThan(failed);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aSlowerLargerLevelMoreChangesNothing(long seed) {
    var random = new SplittableRandom(seed);
    var rows = table(random);
    Choice choice = ChoicePolicy.DEFAULT.choose(rows);
    int chosen = choice.workers();
    boolean acceptable = choice.found() && !choice.reason().startsWith("the least");
    if (!acceptable) {
      return;
    }
    var time = Level.of(rows).stream().filter(l -> l.workers() == chosen).findFirst().orElseThrow();
    var more = new ArrayList<>(rows);
    int larger = chosen;
    while (has(rows, larger)) {
      larger += 1 + random.nextInt(3);
    }
    double seconds = time.time().toMillis() / 1e3 + random.nextDouble(50);
    more.add(row(larger, seconds, random.nextInt(2000), 0, 95 + random.nextInt(20)));

    assertThat(ChoicePolicy.DEFAULT.choose(more).workers()).isEqualTo(chosen);
  }

  private static int unused(List<Measurement> rows, SplittableRandom random) {
    int workers = 1 + random.nextInt(20);
    while (has(rows, workers)) {
      workers++;
    }
    return workers;
  }

  private static boolean has(List<Measurement> rows, int workers) {
    return rows.stream().anyMatch(row -> row.workers() == workers);
  }

  private static List<Measurement> table(SplittableRandom random) {
    var rows = new ArrayList<Measurement>();
    for (int workers = 1; workers <= 16; workers++) {
      if (random.nextInt(3) == 0) {
        continue;
      }
      int runs = 1 + random.nextInt(3);
      for (int run = 0; run < runs; run++) {
        int failed = random.nextInt(6) == 0 ? 1 : 0;
        double seconds = 100.0 / workers + random.nextInt(30);
        rows.add(row(workers, seconds, random.nextInt(4) * 150, failed));
      }
    }
    return rows;
  }

  private static Measurement row(int workers, double seconds, int swap, int failed) {
    return row(workers, seconds, swap, failed, 100 - failed);
  }

  private static Measurement row(int workers, double seconds, int swap, int failed, int passed) {
    boolean own = swap % 3 == 0;
    var memory =
        new MemoryUse(
            own ? Amount.of(Bytes.mib(swap / 2)) : Amount.UNKNOWN,
            swap % 5 == 0 ? Amount.of(Bytes.mib(swap)) : Amount.UNKNOWN,
            Amount.UNKNOWN,
            Amount.of(Bytes.mib(300 + 200L * (swap % 7))),
            Amount.of(Bytes.gib(4)),
            RamAfter.UNKNOWN);
    var counted = passed % 2 == 0 ? OptionalInt.of(passed) : OptionalInt.empty();
    var outcomes = new Outcomes(counted, OptionalInt.of(5), failed, List.of(), List.of());
    var time = Duration.ofMillis(Math.round(seconds * 1000));
    return new Measurement(workers, "", outcomes, time, memory, false);
  }
}
