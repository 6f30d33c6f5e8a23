package dev.plimsoll.run.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.estimate.Estimate;
import dev.plimsoll.estimate.Estimate.Basis;
import dev.plimsoll.memory.SharedBudget;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Isolation;
import dev.plimsoll.model.Mode;
import dev.plimsoll.model.ProcessKey;
import dev.plimsoll.schedule.Candidate;
import dev.plimsoll.schedule.Decision;
import dev.plimsoll.schedule.Event;
import dev.plimsoll.schedule.Memory;
import dev.plimsoll.schedule.Policy;
import dev.plimsoll.schedule.Scheduler;
import dev.plimsoll.schedule.UnitOrder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Several runs, each with a schedule of its own, on one machine whose memory they share through
/// the real file. A test takes its whole memory at some moment after it began.
class SharedRunsTest {
  private static final long MEMORY = Bytes.gib(4).value();
  private static final Bytes PEAK = Bytes.mib(1500);

  @TempDir private Path folder;

  /// A test that runs: of which run and worker, and whether it has allocated.
  private static final class Running {
    final int worker;
    final int test;
    boolean full;

    Running(int worker, int test) {
      this.worker = worker;
      this.test = test;
    }
  }

  private static final class Run {
    final MachineReservations reservations;
    final Scheduler scheduler;
    final List<Running> running = new ArrayList<>();
    final ArrayDeque<Event> events = new ArrayDeque<>();
    boolean finished;

    Run(MachineReservations reservations, int tests) {
      this.reservations = reservations;
      var estimate = new Estimate(Duration.ofSeconds(1), PEAK, Basis.RECORDED);
      scheduler =
          new Scheduler(
              IntStream.range(0, tests)
                  .mapToObj(i -> new Candidate("test_" + i + ".py", "", 0, estimate))
                  .toList(),
              new Policy(
                  Mode.PACKED,
                  List.of(4),
                  4,
                  Bytes.mib(1),
                  Bytes.gib(1),
                  Bytes.of(MEMORY),
                  300_000,
                  Isolation.NONE,
                  false),
              UnitOrder.PATH,
              Bytes.of(MEMORY),
              reservations);
      obey(scheduler.start());
    }

    void obey(List<Decision> decisions) {
      for (Decision decision : decisions) {
        switch (decision) {
          case Decision.StartWorker start -> events.add(new Event.Ready(start.worker()));
          case Decision.Run run -> running.add(new Running(run.worker(), run.tests().getFirst()));
          case Decision.Retire retire ->
              events.add(new Event.Gone(retire.worker(), -1, Event.Again.NO, 0));
          case Decision.Finish finish -> {
            finished = true;
            reservations.close();
          }
          case Decision.Drop drop -> events.add(new Event.Dropped(drop.worker(), List.of()));
          case Decision.Preempt preempt -> throw new AssertionError("memory ran short");
          case Decision.BeginGroup begin -> {}
        }
      }
    }

    long held() {
      return running.stream().filter(test -> test.full).count() * PEAK.value();
    }

    long pending() {
      return running.stream().filter(test -> !test.full).count() * PEAK.value();
    }

    Memory look(long free) {
      reservations.renew();
      var growth = new HashMap<Integer, Bytes>();
      running.forEach(test -> growth.put(test.worker, test.full ? PEAK : Bytes.ZERO));
      return new Memory(
          Bytes.of(free).minus(reservations.others().pending()),
          growth,
          Map.of(),
          Memory.State.CALM,
          Optional.empty());
    }
  }

  @Test
  void runsNeverPlanMoreTogetherThanThereIsAndAllComeToTheirEnd() throws IOException {
    for (long seed = 0; seed < 200; seed++) {
      var random = new SplittableRandom(seed);
      var runs = new ArrayList<Run>();
      for (int i = 0; i < 3; i++) {
        var key = new ProcessKey(100 + i, seed);
        runs.add(
            new Run(
                new MachineReservations(Optional.of(SharedBudget.join(folder, key, _ -> true))),
                1 + random.nextInt(8)));
      }
      for (long now = 0; runs.stream().anyMatch(run -> !run.finished); now += 100_000) {
        tick(runs, random, now, "seed " + seed + " at " + now);
        assertThat(now).as("seed %d comes to its end", seed).isLessThan(1_000_000_000L);
      }
    }
  }

  /// All runs look at memory as often as the others, in any order, and act in between.
  private static void tick(List<Run> runs, SplittableRandom random, long now, String when) {
    for (int i = random.nextInt(12); i >= 0; i--) {
      step(runs.get(random.nextInt(runs.size())), random, now);
      assertThat(planned(runs)).as(when).isLessThanOrEqualTo(MEMORY);
    }
    var order = new ArrayList<>(runs);
    Collections.shuffle(order, new Random(random.nextLong()));
    for (Run run : order) {
      if (!run.finished) {
        long free = MEMORY - runs.stream().mapToLong(Run::held).sum();
        run.obey(run.scheduler.on(now, new Event.Sensed(run.look(free))));
        assertThat(planned(runs)).as(when).isLessThanOrEqualTo(MEMORY);
      }
    }
  }

  private static long planned(List<Run> runs) {
    return runs.stream().mapToLong(run -> run.held() + run.pending()).sum();
  }

  private static void step(Run run, SplittableRandom random, long now) {
    if (!run.events.isEmpty()) {
      run.obey(run.scheduler.on(now, run.events.poll()));
    } else if (!run.running.isEmpty()) {
      Running test = run.running.get(random.nextInt(run.running.size()));
      if (test.full) {
        run.running.remove(test);
        run.obey(run.scheduler.on(now, new Event.Done(test.worker, test.test)));
      } else {
        test.full = true;
      }
    }
  }
}
