package dev.plimsoll.schedule.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.MemorySample;
import dev.plimsoll.model.Shortage;
import dev.plimsoll.schedule.Memory.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PressureTest {
  private static final Shortage FULL = new Shortage.MachineReserve(Bytes.mib(200), Bytes.mib(512));
  private static final long HALF_RESERVE = Bytes.mib(256).value();

  @ParameterizedTest(name = "{0} GB/s")
  @ValueSource(doubles = {0.5, 1, 2, 3, 5})
  void aBombIsNoticedBeforeTheOtherHalfOfTheReserveIsGone(double speed) {
    for (long start = 0; start < 100; start++) {
      long left = new Bomb(speed, Bytes.mib(2048).value() + start * 7_777_777).run();
      assertThat(left).as("left of the reserve").isGreaterThan(Bytes.mib(100).value());
    }
  }

  /// Fills memory at an even speed from a moment that no look knows of, until it is judged
  /// critical.
  private record Bomb(double speed, long free) {
    long run() {
      var pressure = new Pressure();
      long now = 0;
      while (true) {
        long left = free - (long) (now * speed * 1e6);
        Bytes spare = Bytes.of(left - HALF_RESERVE);
        Bytes headroom = Bytes.of(left - 2 * HALF_RESERVE);
        if (pressure.judge(now, headroom, spare, sample(OptionalDouble.empty()), FULL)
            == State.CRITICAL) {
          return left;
        }
        now += Pressure.until(spare).toMillis();
      }
    }
  }

  @Test
  void looksComeSlowlyWhileMuchIsLeftAndNeverInABusyLoop() {
    assertThat(Pressure.until(Bytes.mib(20_000))).isEqualTo(Duration.ofMillis(100));
    assertThat(Pressure.until(Bytes.mib(512)))
        .isBetween(Duration.ofMillis(50), Duration.ofMillis(60));
    assertThat(Pressure.until(Bytes.ZERO)).isEqualTo(Duration.ofMillis(10));
    assertThat(Pressure.until(Bytes.mib(-300))).isEqualTo(Duration.ofMillis(10));
  }

  @Test
  void whatEatsTheReserveSlowlyIsTightAndNotCritical() {
    var pressure = new Pressure();
    State state = State.CALM;
    for (int step = 0; step < 20; step++) {
      state = judge(pressure, step * 100L, -step, 200 - step);
    }
    assertThat(state).isEqualTo(State.TIGHT);
    assertThat(pressure.why()).contains(FULL);
  }

  @Test
  void whatFillsFastWhileNothingOfTheReserveIsTouchedIsCalm() {
    var pressure = new Pressure();
    judge(pressure, 0, 5000, 5256);
    assertThat(judge(pressure, 100, 500, 756)).isEqualTo(State.CALM);
  }

  @Test
  void tasksThatWaitForMemoryMakeItTight() {
    var pressure = new Pressure();
    var stalled = sample(OptionalDouble.of(25));
    assertThat(pressure.judge(0, Bytes.mib(900), Bytes.mib(1200), stalled, FULL))
        .isEqualTo(State.TIGHT);
    assertThat(pressure.why()).contains(new Shortage.Stall(25));
  }

  /// At whatever pace memory is looked at.
  @ParameterizedTest(name = "a look each {0} ms")
  @ValueSource(longs = {10, 100, 700, 2500})
  void aMachineThatSwapsInAndOutIsTightUntilItStops(long pace) {
    var pressure = new Pressure();
    var states = new ArrayList<State>();
    for (long now = 0; now <= 10_000; now += pace) {
      long pages = 1_000_000 + 3 * Math.min(now, 7_000); // 12 MiB a second, for seven seconds
      states.add(pressure.judge(now, Bytes.mib(900), Bytes.mib(1200), swapped(pages, pages), FULL));
    }
    assertThat(states.getFirst()).isEqualTo(State.CALM);
    int from = (int) Math.ceilDiv(1000, pace);
    assertThat(states.subList(from, (int) (7_000 / pace))).containsOnly(State.TIGHT);
    assertThat(states.getLast()).isEqualTo(State.CALM);
  }

  @Test
  void whatIsOnlyPutAwayOrFetchedOrLittleIsCalm() {
    var out = new Pressure();
    var in = new Pressure();
    var little = new Pressure();
    for (long now = 0; now < 5_000; now += 100) {
      assertThat(out.judge(now, Bytes.mib(900), Bytes.mib(1200), swapped(7, 50 * now), FULL))
          .isEqualTo(State.CALM);
      assertThat(in.judge(now, Bytes.mib(900), Bytes.mib(1200), swapped(50 * now, 7), FULL))
          .isEqualTo(State.CALM);
      assertThat(little.judge(now, Bytes.mib(900), Bytes.mib(1200), swapped(now, now), FULL))
          .isEqualTo(State.CALM);
    }
  }

  private static State judge(Pressure pressure, long millis, int headroom, int spare) {
    return pressure.judge(
        millis, Bytes.mib(headroom), Bytes.mib(spare), sample(OptionalDouble.empty()), FULL);
  }

  private static MemorySample sample(OptionalDouble fullStall) {
    return sample(OptionalLong.empty(), OptionalLong.empty(), fullStall);
  }

  private static MemorySample swapped(long in, long out) {
    return sample(OptionalLong.of(in), OptionalLong.of(out), OptionalDouble.empty());
  }

  private static MemorySample sample(OptionalLong in, OptionalLong out, OptionalDouble fullStall) {
    return new MemorySample(
        Bytes.gib(8),
        Bytes.gib(2),
        Bytes.ZERO,
        Bytes.gib(2),
        Bytes.ZERO,
        Bytes.ZERO,
        in,
        out,
        OptionalDouble.empty(),
        fullStall,
        OptionalLong.empty(),
        List.of());
  }
}
