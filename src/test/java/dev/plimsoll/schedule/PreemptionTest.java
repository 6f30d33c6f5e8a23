package dev.plimsoll.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.estimate.Estimate;
import dev.plimsoll.estimate.Estimate.Basis;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Isolation;
import dev.plimsoll.model.Mode;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Who is given up when memory is critical. Each test is expected to take 100 MiB.
class PreemptionTest {
  private static final Bytes LEASE = Bytes.mib(100);
  private static final Bytes HEADROOM = Bytes.gib(4);

  @Test
  void theOldestIsNotGivenUpForWhatOthersTake() {
    var scheduler = running(3, false);
    assertThat(critical(scheduler, -10, Map.of(0, 500, 1, 150, 2, 120))).isEqualTo(preempt(1));
    assertThat(critical(running(3, false), -10, Map.of(0, 50, 1, 60, 2, 90))).isEqualTo(preempt(2));
  }

  @Test
  void theOldestIsGivenUpWhenItAloneIsAboveWhatItWasExpectedToTake() {
    assertThat(critical(running(3, false), -10, Map.of(0, 500, 1, 60, 2, 90)))
        .isEqualTo(preempt(0));
  }

  @Test
  void aTestThatRunsAloneIsGivenUpOnlyWhenItsEndWouldHelp() {
    assertThat(critical(running(1, false), -100, Map.of(0, 3000))).isEqualTo(preempt(0));
    assertThat(critical(running(1, false), -500, Map.of(0, 300))).isEmpty();
    assertThat(critical(running(1, false), -10, Map.of(0, 80))).isEmpty();
    assertThat(critical(running(1, true), -100, Map.of(0, 3000))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"ALONE", "RESERVED"})
  void aTestThatWasGivenAllMemoryIsGivenUpBelowItsLeaseToo(Event.Again again) {
    var scheduler = running(1, false);
    critical(scheduler, -100, Map.of(0, 3000));
    scheduler.on(2, new Event.Gone(0, 0, again, Bytes.mib(3000).value()));
    scheduler.on(3, sensed(4000, Memory.State.CALM, Map.of()));
    scheduler.on(4, new Event.Ready(0));
    assertThat(critical(scheduler, -100, Map.of(0, 3900))).isEqualTo(preempt(0));
  }

  @Test
  void aTestThatHoldsMostOfTheMemoryIsGivenUpBelowItsLeaseToo() {
    var scheduler = running(1, false);
    critical(scheduler, -100, Map.of(0, 2500));
    scheduler.on(2, new Event.Gone(0, 0, Event.Again.RESERVED, Bytes.mib(2500).value()));
    scheduler.on(3, sensed(4000, Memory.State.CALM, Map.of()));
    scheduler.on(4, new Event.Ready(0));
    // What was set aside for it fitted, until starting workers took what was left.
    assertThat(critical(scheduler, -10, Map.of(0, 2600))).isEqualTo(preempt(0));
  }

  @Test
  void onlyOneDiesAtATime() {
    var scheduler = running(3, false);
    critical(scheduler, -10, Map.of(0, 500, 1, 150, 2, 120));
    assertThat(critical(scheduler, -20, Map.of(0, 500, 1, 150, 2, 120))).isEmpty();
  }

  @Test
  void aLargeTestWithinItsLeaseIsNotGivenUpForWhatAnotherTakes() {
    var scheduler = running(false, Bytes.mib(3000), LEASE);
    assertThat(critical(scheduler, -10, Map.of(0, 2600, 1, 90))).isEqualTo(preempt(1));
  }

  private static Scheduler running(int tests, boolean oversize) {
    return running(oversize, Collections.nCopies(tests, LEASE).toArray(Bytes[]::new));
  }

  private static Scheduler running(boolean oversize, Bytes... leases) {
    int tests = leases.length;
    var scheduler =
        new Scheduler(
            IntStream.range(0, tests)
                .mapToObj(i -> {
                  var estimate = new Estimate(Duration.ofSeconds(1), leases[i], Basis.RECORDED);
                  return new Candidate("test_" + i + ".py", "", 0, estimate);
                })
                .toList(),
            new Policy(
                Mode.PACKED,
                List.of(tests),
                tests,
                Bytes.mib(20),
                Bytes.gib(1),
                HEADROOM,
                300_000,
                Isolation.NONE,
                oversize),
            UnitOrder.PATH,
            HEADROOM,
            Reservations.ALONE);
    scheduler.start();
    for (int worker = 0; worker < tests; worker++) {
      assertThat(scheduler.on(worker, new Event.Ready(worker)))
          .contains(new Decision.Run(worker, List.of(worker)));
    }
    return scheduler;
  }

  private static List<Decision> critical(
      Scheduler scheduler, int headroom, Map<Integer, Integer> growth) {
    return scheduler.on(1_000_000, sensed(headroom, Memory.State.CRITICAL, growth)).stream()
        .filter(Decision.Preempt.class::isInstance)
        .toList();
  }

  private static Event sensed(int headroom, Memory.State state, Map<Integer, Integer> growth) {
    var sizes =
        growth.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> Bytes.mib(entry.getValue())));
    return new Event.Sensed(
        new Memory(Bytes.mib(headroom), sizes, Map.of(), state, TestingShortage.of(state)));
  }

  private static List<Decision> preempt(int worker) {
    return List.of(new Decision.Preempt(worker, worker, TestingShortage.SHORT));
  }
}
