package dev.plimsoll.schedule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// How much longer a run takes: what waits is placed on the workers in the scheduler's order, under
/// the limits of the groups, of memory and of the cores, and each unit ends after its expected
/// time.
///
/// Tests rarely take what history expects: the machine is busier than it was, and the time between
/// two tests comes on top. The tests that have ended show by how much, the last of them most, and
/// stretch the rest.
final class RunForecast {
  /// How much of "as expected" weighs against the tests that have ended: this share of the whole
  /// expected time, and no more than so many microseconds. Nothing is known of the tests of a first
  /// run, so that what is expected of them soon weighs nothing.
  private static final double TRUST = 0.01;

  private static final double MOST_TRUST = 500_000;

  /// The share of the whole expected time after which what a test showed weighs a third: tests that
  /// run one after the other resemble each other.
  private static final double SPAN = 1.0 / 8;

  /// How many units of a group are looked at for one that may start.
  private static final int LOOKED_AT = 16;

  private static final Comparator<Busy> BY_END = (a, b) -> Long.compare(a.end(), b.end());

  private final Policy policy;
  private final long[] expected;

  /// {@link #SPAN} in microseconds.
  private final double span;

  private double foreseen;
  private double took;
  private double starting;
  private double started;

  RunForecast(List<Candidate> tests, Policy policy) {
    this.policy = policy;
    this.expected =
        tests.stream().mapToLong(test -> test.estimate().duration().toNanos() / 1000).toArray();
    long whole = Arrays.stream(expected).sum();
    this.span = Math.max(1, whole * SPAN);
    this.foreseen = Math.clamp(whole * TRUST, 1, MOST_TRUST);
    this.took = foreseen;
  }

  /// A test ended after this time.
  void ended(int test, long micros) {
    double kept = Math.exp(-expected[test] / span);
    foreseen = kept * foreseen + expected[test];
    took = kept * took + micros;
  }

  /// A worker that is to run one unit had its tests this long after its start.
  void began(long micros) {
    double kept = Math.exp(-1 / (SPAN * expected.length));
    starting = kept * starting + micros;
    started = kept * started + 1;
  }

  /// The time until all tests have ended, in microseconds.
  ///
  /// @param waiting units that wait, in the order in which they run
  /// @param room bytes that the tests may hold together
  /// @param now microseconds since the start
  long left(Collection<WorkerSlot> workers, List<Unit> waiting, long room, long now) {
    var rest = new Simulation(room);
    for (WorkerSlot slot : workers) {
      if (!slot.isIdle()) {
        rest.run(slot.units.keySet().iterator().next(), ofWorker(slot, now));
      }
    }
    if (policy.isPacked()) {
      rest.finish(waiting, policy.workers());
    } else {
      for (int group = 0; group < policy.caps().size(); group++) {
        int phase = group;
        var its = waiting.stream().filter(unit -> unit.group() == phase).toList();
        if (!its.isEmpty() || rest.isRunning(phase)) {
          rest.finish(its, policy.cap(phase));
        }
      }
    }
    return rest.clock;
  }

  private double pace() {
    return took / foreseen;
  }

  /// The time that a unit takes, with the start of its worker if it has one of its own.
  private long of(Unit unit) {
    double start = started == 0 ? 0 : starting / started;
    return (long) (unit.micros() * pace() + start);
  }

  /// What a worker still has to do; a test that takes longer than expected is about to end.
  private long ofWorker(WorkerSlot slot, long now) {
    long running = expected[slot.tests.getFirst()];
    long queued = slot.tests.stream().mapToLong(test -> expected[test]).sum() - running;
    long rest = (long) (running * pace()) - (now - slot.since);
    return Math.max(0, rest) + (long) (queued * pace());
  }

  /// A unit that runs until then.
  private record Busy(Unit unit, long end) {}

  /// The rest of the run, on a clock that begins now.
  private final class Simulation {
    private final PriorityQueue<Busy> busy = new PriorityQueue<>(BY_END);
    private final int[] running = new int[policy.caps().size()];
    private long room;
    private double cores;
    private long clock;

    Simulation(long room) {
      this.room = room;
    }

    boolean isRunning(int group) {
      return running[group] > 0;
    }

    void run(Unit unit, long micros) {
      busy.add(new Busy(unit, clock + micros));
      running[unit.group()]++;
      room -= unit.peak().value();
      cores += unit.cores();
    }

    private void end(Busy ended) {
      clock = ended.end();
      running[ended.unit().group()]--;
      room += ended.unit().peak().value();
      cores -= ended.unit().cores();
    }

    /// Run these units to their end, those that must run alone last.
    void finish(List<Unit> units, int workers) {
      List<List<Unit>> queues = new ArrayList<>();
      IntStream.range(0, running.length).forEach(_ -> queues.add(new ArrayList<>()));
      long alone = 0;
      for (Unit unit : units.reversed()) {
        if (unit.exclusive()) {
          alone += of(unit);
        } else {
          queues.get(unit.group()).add(unit);
        }
      }
      Unit next = next(queues);
      while (next != null || !busy.isEmpty()) {
        if (next == null) {
          end(busy.remove());
        } else {
          run(next, of(next));
        }
        next = busy.size() < workers ? next(queues) : null;
      }
      clock += alone;
    }

    /// Take out the unit that starts next. As {@link UnitSelector} does it: the first of all when
    /// nothing runs; else the first that fits, and does not put off the first of all.
    ///
    /// @param queues for each group the units that wait, the next one last
    private @Nullable Unit next(List<List<Unit>> queues) {
      Busy blocked = null;
      for (int group = 0; group < queues.size(); group++) {
        List<Unit> units = queues.get(group);
        int last = Math.max(0, units.size() - LOOKED_AT);
        for (int i = units.size() - 1; i >= last && running[group] < policy.cap(group); i--) {
          Unit unit = units.get(i);
          if (busy.isEmpty() || (fits(unit) && (blocked == null || passes(unit, blocked)))) {
            return units.remove(i);
          }
          if (blocked == null && unit.peak().value() > room) {
            blocked = new Busy(unit, opening(unit));
          }
        }
      }
      return null;
    }

    private boolean fits(Unit unit) {
      boolean core = unit.waits() || cores < policy.cores().get(unit.group());
      return core && unit.peak().value() <= room;
    }

    /// When there will be room for a unit.
    private long opening(Unit unit) {
      long free = room;
      var ends = busy.stream().sorted(BY_END).iterator();
      long at = clock;
      while (free < unit.peak().value() && ends.hasNext()) {
        Busy next = ends.next();
        free += next.unit().peak().value();
        at = next.end();
      }
      return at;
    }

    private boolean passes(Unit unit, Busy blocked) {
      return clock + of(unit) <= blocked.end();
    }
  }
}
