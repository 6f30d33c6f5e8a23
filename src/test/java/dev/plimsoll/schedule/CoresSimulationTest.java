package dev.plimsoll.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.estimate.Estimate;
import dev.plimsoll.estimate.Estimate.Basis;
import dev.plimsoll.estimate.GroupTimes;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Isolation;
import dev.plimsoll.model.Mode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Suites of tests that compute and tests that wait, on a machine whose cores the running tests
/// share.
class CoresSimulationTest {
  private static final int SUITES = 50;
  private static final Bytes MEMORY = Bytes.gib(64);

  /// A test: how long it takes on an idle machine, and for what part of that it computes.
  private record Work(double micros, double cores) {}

  /// Workers that share cores. A test that computes for a part `c` of its time takes `c / f + 1 -
  /// c` times as long when only a part `f` of what all running tests ask for is there.
  private static final class SharedCores {
    private final int cores;
    private final List<Work> suite;
    private final Scheduler scheduler;
    private final Map<Integer, ArrayDeque<Integer>> workers = new HashMap<>();
    private final Map<Integer, Double> left = new HashMap<>();
    private final ArrayDeque<Event> events = new ArrayDeque<>();
    private double now;
    private boolean finished;
    int mostComputing;

    SharedCores(int cores, List<Work> suite, Scheduler scheduler) {
      this.cores = cores;
      this.suite = suite;
      this.scheduler = scheduler;
    }

    double run() {
      obey(scheduler.start());
      while (!finished) {
        if (events.isEmpty()) {
          pass();
        } else {
          obey(scheduler.on((long) now, events.remove()));
        }
      }
      return now;
    }

    private double speed(Work work) {
      double asked = left.keySet().stream().mapToDouble(test -> suite.get(test).cores()).sum();
      double share = Math.min(1, cores / Math.max(asked, 1e-9));
      return 1 / (work.cores() / share + 1 - work.cores());
    }

    /// Let time pass until the next test ends.
    private void pass() {
      int computing =
          (int) left.keySet().stream().filter(test -> suite.get(test).cores() >= 0.9).count();
      mostComputing = Math.max(mostComputing, computing);
      double step = Double.MAX_VALUE;
      for (var entry : left.entrySet()) {
        step = Math.min(step, entry.getValue() / speed(suite.get(entry.getKey())));
      }
      now += step;
      var speeds = new HashMap<Integer, Double>();
      left.keySet().forEach(test -> speeds.put(test, speed(suite.get(test))));
      for (var entry : speeds.entrySet()) {
        double rest = left.merge(entry.getKey(), -step * entry.getValue(), Double::sum);
        if (rest < 1e-6) {
          end(entry.getKey());
        }
      }
    }

    private void end(int test) {
      left.remove(test);
      workers.forEach((worker, tests) -> {
        if (!tests.isEmpty() && tests.getFirst() == test) {
          tests.removeFirst();
          begin(tests);
          events.add(new Event.Done(worker, test));
        }
      });
    }

    private void begin(ArrayDeque<Integer> tests) {
      if (!tests.isEmpty()) {
        left.put(tests.getFirst(), suite.get(tests.getFirst()).micros());
      }
    }

    private ArrayDeque<Integer> tests(int worker) {
      return Objects.requireNonNull(workers.get(worker));
    }

    private void obey(List<Decision> decisions) {
      for (Decision decision : decisions) {
        switch (decision) {
          case Decision.StartWorker start -> {
            workers.put(start.worker(), new ArrayDeque<>());
            events.add(new Event.Ready(start.worker()));
          }
          case Decision.Run run -> {
            ArrayDeque<Integer> tests = tests(run.worker());
            boolean idle = tests.isEmpty();
            tests.addAll(run.tests());
            if (idle) {
              begin(tests);
            }
          }
          case Decision.Drop drop -> {
            ArrayDeque<Integer> tests = tests(drop.worker());
            var back = new ArrayList<>(tests);
            if (!back.isEmpty()) {
              back.removeFirst();
            }
            tests.removeAll(back);
            events.add(new Event.Dropped(drop.worker(), back));
          }
          case Decision.Retire retire ->
              events.add(new Event.Gone(retire.worker(), -1, Event.Again.NO, 0));
          case Decision.Preempt _ -> throw new AssertionError("memory is not short");
          case Decision.BeginGroup _ -> {}
          case Decision.Finish _ -> finished = true;
        }
      }
    }
  }

  private static SharedCores machine(int cores, int workers, double limit, List<Work> suite) {
    var candidates = new ArrayList<Candidate>();
    for (Work work : suite) {
      Duration time = time(work.micros());
      var estimate = new Estimate(time, Bytes.mib(1), Basis.RECORDED, 0, work.cores());
      candidates.add(new Candidate("test_" + candidates.size() + ".py", "", 0, estimate));
    }
    var policy =
        new Policy(
            Mode.PHASED,
            List.of(workers),
            workers,
            Bytes.mib(1),
            Bytes.mib(128),
            MEMORY,
            1_000_000,
            Isolation.NONE,
            false,
            List.of(limit));
    var scheduler =
        new Scheduler(candidates, policy, UnitOrder.LONGEST, MEMORY, Reservations.ALONE);
    return new SharedCores(cores, suite, scheduler);
  }

  private static GroupTimes times(double wall, double cpu, double longest) {
    return new GroupTimes(time(wall), time(cpu), time(longest));
  }

  private static Duration time(double micros) {
    return Duration.ofNanos((long) (micros * 1000));
  }

  private static List<Work> suite(SplittableRandom random, double waiting) {
    return IntStream.range(0, 200)
        .mapToObj(_ -> {
          double micros = 10_000 + random.nextInt(400_000);
          return random.nextDouble() < waiting
              ? new Work(micros, 0.5 * random.nextDouble())
              : new Work(micros, 0.95 + 0.05 * random.nextDouble());
        })
        .toList();
  }

  @ParameterizedTest(name = "{0} of the tests wait")
  @ValueSource(doubles = {0, 0.25, 0.5, 0.75, 1})
  void testsThatWaitAndTestsThatComputeFillTheCores(double waiting) {
    double byBound = 0;
    double byCores = 0;
    for (int seed = 0; seed < SUITES; seed++) {
      var random = new SplittableRandom(seed);
      int cores = 1 + random.nextInt(8);
      List<Work> suite = suite(random, waiting);
      double wall = suite.stream().mapToDouble(Work::micros).sum();
      double cpu = suite.stream().mapToDouble(work -> work.micros() * work.cores()).sum();
      double longest = suite.stream().mapToDouble(Work::micros).max().orElseThrow();
      int workers = Waiting.workers(cores, cores, times(wall, cpu, longest));
      SharedCores machine = machine(cores, workers, cores, suite);
      double time = machine.run();
      assertThat(machine.mostComputing).as("seed %d", seed).isLessThanOrEqualTo(cores);
      double bound = Math.max(Math.max(cpu / cores, longest), wall / workers);
      byBound += time / bound;
      byCores += time / machine(cores, cores, Double.POSITIVE_INFINITY, suite).run();
    }
    System.out.printf(
        "%.2f of the tests wait: %.2f of the bound, %.2f of as many workers as cores%n",
        waiting, byBound / SUITES, byCores / SUITES);
    assertThat(byBound / SUITES).isLessThan(1.15);
    assertThat(byCores / SUITES).isLessThan(1.01);
  }
}
