package dev.plimsoll.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.estimate.Estimate;
import dev.plimsoll.estimate.Estimate.Basis;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Isolation;
import dev.plimsoll.model.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SchedulerMemoryTest {
  private static final Bytes HEADROOM = Bytes.gib(4);
  private static final Bytes KEEP = Bytes.mib(256);
  private static final long SECOND = 1_000_000;

  /// Other runs that allow so much, and what they were asked for and told.
  private static final class TestingReservations implements Reservations {
    Bytes allowed = Bytes.ZERO;
    final List<Bytes> asked = new ArrayList<>();
    Bytes published = Bytes.ZERO;

    @Override
    public boolean claim(Bytes pending, Bytes headroom, boolean idle) {
      asked.add(pending);
      return pending.compareTo(allowed) <= 0;
    }

    @Override
    public void publish(Bytes pending, boolean busy) {
      published = pending;
    }
  }

  private static Scheduler scheduler(
      int tests, Bytes peak, int workers, Reservations reservations) {
    var estimate = new Estimate(Duration.ofSeconds(1), peak, Basis.RECORDED);
    return new Scheduler(
        IntStream.range(0, tests)
            .mapToObj(i -> new Candidate("test_" + i + ".py", "", 0, estimate))
            .toList(),
        new Policy(
            Mode.PACKED,
            List.of(workers),
            workers,
            Bytes.mib(20),
            KEEP,
            HEADROOM,
            300_000,
            Isolation.NONE,
            false),
        UnitOrder.PATH,
        HEADROOM,
        reservations);
  }

  private static Event sensed(Bytes kept, Memory.State state) {
    return new Event.Sensed(
        new Memory(HEADROOM, Map.of(), Map.of(0, kept), state, TestingShortage.of(state)));
  }

  @Test
  void aWorkerThatHasGivenItsMemoryBackStays() {
    var scheduler = scheduler(3, Bytes.mib(10), 1, Reservations.ALONE);
    scheduler.start();
    scheduler.on(0, new Event.Ready(0));
    scheduler.on(6 * SECOND, sensed(Bytes.mib(300), Memory.State.CALM));
    scheduler.on(7 * SECOND, sensed(Bytes.mib(300), Memory.State.CALM));
    scheduler.on(8 * SECOND, sensed(Bytes.ZERO, Memory.State.CALM));
    assertThat(scheduler.on(9 * SECOND, new Event.Done(0, 0)))
        .doesNotHaveAnyElementsOfTypes(Decision.Retire.class);
  }

  @Test
  void aWorkerThatKeepsTooMuchIsReplacedAtTheEndOfItsUnit() {
    var scheduler = scheduler(3, Bytes.mib(10), 1, Reservations.ALONE);
    scheduler.start();
    scheduler.on(0, new Event.Ready(0));
    scheduler.on(6 * SECOND, sensed(Bytes.mib(300), Memory.State.CALM));
    scheduler.on(7 * SECOND, sensed(Bytes.mib(300), Memory.State.CALM));
    var decisions = new ArrayList<>(scheduler.on(8 * SECOND, new Event.Done(0, 0)));
    if (decisions.isEmpty()) {
      decisions.addAll(scheduler.on(9 * SECOND, new Event.Done(0, 1)));
    }
    assertThat(decisions.getFirst()).isEqualTo(new Decision.Retire(0, Bytes.mib(300)));
    assertThat(decisions.get(1)).isEqualTo(new Decision.StartWorker(1, 1));
    assertThat(decisions).hasSize(2);
  }

  @Test
  void oneLookIsNotEnoughAndAYoungWorkerIsSparedWhileMemoryIsNotShort() {
    var scheduler = scheduler(8, Bytes.mib(10), 1, Reservations.ALONE);
    scheduler.start();
    scheduler.on(0, new Event.Ready(0));
    scheduler.on(6 * SECOND, sensed(Bytes.mib(300), Memory.State.CALM));
    scheduler.on(7 * SECOND, sensed(Bytes.mib(200), Memory.State.CALM));
    assertThat(scheduler.on(8 * SECOND, new Event.Done(0, 0)))
        .noneMatch(Decision.Retire.class::isInstance);

    scheduler = scheduler(8, Bytes.mib(10), 1, Reservations.ALONE);
    scheduler.start();
    scheduler.on(0, new Event.Ready(0));
    scheduler.on(SECOND, sensed(Bytes.mib(300), Memory.State.CALM));
    scheduler.on(2 * SECOND, sensed(Bytes.mib(300), Memory.State.CALM));
    assertThat(scheduler.on(3 * SECOND, new Event.Done(0, 0)))
        .noneMatch(Decision.Retire.class::isInstance);
  }

  @Test
  void whatIsHeldBackHasItsReasonAsLongAsItIs() {
    var scheduler = scheduler(3, Bytes.mib(10), 2, Reservations.ALONE);
    scheduler.start();
    scheduler.on(0, new Event.Ready(0));
    assertThat(scheduler.heldBack()).isEmpty();
    scheduler.on(SECOND, sensed(Bytes.ZERO, Memory.State.TIGHT));
    scheduler.on(SECOND, new Event.Ready(1));
    scheduler.on(SECOND, sensed(Bytes.ZERO, Memory.State.TIGHT));
    assertThat(scheduler.heldBack()).contains(TestingShortage.SHORT);
    scheduler.on(2 * SECOND, sensed(Bytes.ZERO, Memory.State.CALM));
    assertThat(scheduler.heldBack()).isEmpty();
    scheduler.on(3 * SECOND, sensed(Bytes.ZERO, Memory.State.TIGHT));
    scheduler.on(3 * SECOND, new Event.Stop());
    assertThat(scheduler.heldBack()).isEmpty();
  }

  @Test
  void whatWaitsForItsTurnIsNotHeldBack() {
    var scheduler = scheduler(3, Bytes.mib(10), 1, Reservations.ALONE);
    scheduler.start();
    scheduler.on(0, new Event.Ready(0));
    scheduler.on(SECOND, sensed(Bytes.ZERO, Memory.State.TIGHT));
    assertThat(scheduler.heldBack()).isEmpty();
  }

  @Test
  void nothingStartsThatOtherRunsDoNotGrantAndEverythingOnceTheyDo() {
    var reservations = new TestingReservations();
    var scheduler = scheduler(2, Bytes.gib(1), 2, reservations);
    scheduler.start();
    assertThat(scheduler.on(0, new Event.Ready(0))).isEmpty();
    assertThat(scheduler.on(0, new Event.Ready(1))).isEmpty();
    assertThat(scheduler.waitsForOthers()).isTrue();

    reservations.allowed = Bytes.gib(1);
    assertThat(scheduler.on(SECOND, sensed(Bytes.ZERO, Memory.State.CALM)))
        .containsExactly(new Decision.Run(0, List.of(0)));
    assertThat(scheduler.waitsForOthers()).isFalse();

    reservations.allowed = Bytes.gib(2);
    assertThat(scheduler.on(2 * SECOND, sensed(Bytes.ZERO, Memory.State.CALM)))
        .containsExactly(new Decision.Run(1, List.of(1)));
    assertThat(reservations.published).isEqualTo(Bytes.gib(1));
  }

  @Test
  void nothingIsQueuedBehindATestThatRunsLong() {
    var scheduler = scheduler(12, Bytes.mib(1), 2, Reservations.ALONE);
    scheduler.start();
    assertThat(scheduler.on(0, new Event.Ready(0)))
        .containsExactly(new Decision.Run(0, List.of(0)));
    assertThat(scheduler.on(0, new Event.Ready(1)))
        .containsExactly(new Decision.Run(1, List.of(1)));
    assertThat(scheduler.on(SECOND / 2, sensed(Bytes.ZERO, Memory.State.CALM))).isEmpty();
    assertThat(scheduler.on(SECOND - 1000, sensed(Bytes.ZERO, Memory.State.CALM)))
        .containsExactly(new Decision.Run(0, List.of(10)), new Decision.Run(1, List.of(11)));
  }

  @Test
  void otherRunsAreAskedOnceBetweenTwoLooks() {
    var reservations = new TestingReservations();
    var scheduler = scheduler(100, Bytes.gib(1), 4, reservations);
    scheduler.start();
    for (int worker = 0; worker < 4; worker++) {
      scheduler.on(0, new Event.Ready(worker));
    }
    int asked = reservations.asked.size();
    scheduler.on(0, new Event.Dropped(0, List.of()));
    assertThat(reservations.asked).hasSize(asked).doesNotHaveDuplicates();
    scheduler.on(0, sensed(Bytes.ZERO, Memory.State.CALM));
    assertThat(reservations.asked).hasSize(asked + 1);
  }
}
