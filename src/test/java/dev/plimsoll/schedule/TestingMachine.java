package dev.plimsoll.schedule;

import dev.plimsoll.estimate.Estimate;
import dev.plimsoll.estimate.Estimate.Basis;
import dev.plimsoll.estimate.Estimator;
import dev.plimsoll.estimate.Sample;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Death;
import dev.plimsoll.model.MemorySample;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.Shortage;
import dev.plimsoll.schedule.budget.Pressure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;

/// A machine with a virtual clock, a memory of fixed size and workers that run tests whose true
/// duration and peak only it knows. A test allocates up to its peak in the first tenth of its time
/// and holds it to its end, so that nothing is gained by promising memory twice; when the memory is
/// full, the largest worker dies.
final class TestingMachine {
  /// A test as it truly is.
  record Truth(String path, String unit, int group, long micros, long peak) {}

  private static final long SAMPLE = 100_000;
  private static final long START = 10_000;
  private static final Duration PRIOR = Duration.ofMillis(50);
  private static final double RAMP = 0.1;
  private static final MemorySample NO_COUNTERS =
      new MemorySample(
          Bytes.ZERO,
          Bytes.ZERO,
          Bytes.ZERO,
          Bytes.ZERO,
          Bytes.ZERO,
          Bytes.ZERO,
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalLong.empty(),
          List.of());

  private final List<Truth> truths;
  private final Scheduler scheduler;
  private final Pressure pressure = new Pressure();
  private final long memory;
  private final long reserve;
  private final PriorityQueue<Happening> agenda =
      new PriorityQueue<>(
          (a, b) -> a.at != b.at ? Long.compare(a.at, b.at) : Long.compare(a.order, b.order));
  private final Map<Integer, Hand> hands = new TreeMap<>();
  final List<String> trace = new ArrayList<>();
  final Set<Integer> ended = new HashSet<>();
  final Map<Integer, Long> endedAt = new HashMap<>();
  final Map<Integer, Integer> starts = new HashMap<>();
  int oomKills;
  int preemptions;

  /// How often each test was killed to free memory, what those held that were killed alone, and
  /// those that run alone.
  final Map<Integer, Integer> kills = new HashMap<>();

  final Map<Integer, Bytes> tooLarge = new TreeMap<>();
  final Set<Integer> alone = new HashSet<>();

  /// How much time the scheduler thought was left, by the time at which it was asked.
  final Map<Long, Long> forecasts = new TreeMap<>();

  int events;
  long peakUse;
  int mostAtOnce;
  final Map<Integer, Integer> mostOfGroup = new HashMap<>();
  private long order;
  private long now;
  private boolean finished;

  private record Happening(long at, long order, Runnable action) {}

  private static final class Hand {
    final int number;
    final ArrayDeque<Integer> tests = new ArrayDeque<>();
    long since;
    boolean ready;
    boolean retiring;
    int life;

    Hand(int number) {
      this.number = number;
    }
  }

  TestingMachine(List<Truth> truths, Scheduler scheduler, Bytes memory, Bytes reserve) {
    this.truths = truths;
    this.scheduler = scheduler;
    this.memory = memory.value();
    this.reserve = reserve.value();
  }

  static List<Candidate> exact(List<Truth> truths) {
    return known(truths, t -> Duration.ofNanos(t.micros() * 1000), t -> Bytes.of(t.peak()));
  }

  static List<Candidate> peaksOnly(List<Truth> truths) {
    return known(truths, _ -> PRIOR, t -> Bytes.of(t.peak()));
  }

  static List<Candidate> unknown(List<Truth> truths, Bytes prior) {
    return known(truths, _ -> PRIOR, _ -> prior);
  }

  private static List<Candidate> known(
      List<Truth> truths, Function<Truth, Duration> time, Function<Truth, Bytes> peak) {
    return truths.stream()
        .map(t ->
            new Candidate(
                t.path(),
                t.unit(),
                t.group(),
                new Estimate(time.apply(t), peak.apply(t), Basis.RECORDED)))
        .toList();
  }

  /// What one earlier run showed: peaks and durations differ by up to a fifth from what comes.
  static List<Candidate> learned(List<Truth> truths, SplittableRandom random) {
    return truths.stream()
        .map(truth -> {
          double time = 0.8 + 0.4 * random.nextDouble();
          double size = 0.8 + 0.4 * random.nextDouble();
          var sample =
              new Sample(
                  Duration.ofNanos((long) (truth.micros() * time * 1000)),
                  Bytes.of((long) (truth.peak() * size)),
                  PeakSource.HWM_FRESH);
          var estimate =
              Estimator.estimate(
                  List.of(sample), new Estimate(Duration.ZERO, Bytes.ZERO, Basis.PRIOR));
          return new Candidate(truth.path(), truth.unit(), truth.group(), estimate);
        })
        .toList();
  }

  /// Run to the end and answer the time it took in microseconds.
  long run() {
    obey(scheduler.start());
    plan(SAMPLE, this::sample);
    while (!finished) {
      Happening next = agenda.poll();
      if (next == null) {
        throw new AssertionError(
            "nothing is left to happen and the run has not finished: " + trace);
      }
      now = next.at;
      next.action.run();
    }
    return now;
  }

  /// Ask the scheduler this often how much time is left.
  void forecastEvery(long micros) {
    plan(
        now + micros,
        () -> {
          forecasts.put(now, scheduler.microsLeft(now).orElseThrow());
          forecastEvery(micros);
        });
  }

  void interruptAt(long micros) {
    plan(micros, () -> tell(new Event.Stop()));
  }

  void killAt(long micros, int worker) {
    plan(
        micros,
        () -> {
          Hand hand = hands.get(worker);
          if (hand != null && hand.ready) {
            die(hand, Event.Again.ALONE);
          }
        });
  }

  private void plan(long at, Runnable action) {
    agenda.add(new Happening(at, order++, action));
  }

  private void tell(Event event) {
    events++;
    obey(scheduler.on(now, event));
  }

  private void obey(List<Decision> decisions) {
    for (Decision decision : decisions) {
      if (!(decision instanceof Decision.Run)) {
        trace.add(now + " " + decision);
      }
      switch (decision) {
        case Decision.StartWorker start -> start(start.worker());
        case Decision.Run run -> give(run);
        case Decision.Drop drop -> drop(hand(drop.worker()));
        case Decision.Retire retire -> retire(hand(retire.worker()));
        case Decision.Preempt preempt -> {
          preemptions++;
          Hand hand = hand(preempt.worker());
          plan(now + 5_000, () -> die(hand, afterKill(hand, preempt.test())));
        }
        case Decision.BeginGroup begin -> {}
        case Decision.Finish finish -> finished = true;
      }
    }
  }

  /// As CrashHandler does it.
  private Event.Again afterKill(Hand hand, int test) {
    kills.merge(test, 1, Integer::sum);
    var held = Bytes.of(use(hand));
    if (alone.contains(test)) {
      tooLarge.put(test, held);
      return Event.Again.NO;
    }
    var capacity = Bytes.of(memory - reserve);
    if (Retries.next(starts.getOrDefault(test, 0), held, capacity) == Death.Next.AGAIN) {
      return Event.Again.RESERVED;
    }
    alone.add(test);
    return Event.Again.ALONE;
  }

  private Hand hand(int worker) {
    Hand hand = hands.get(worker);
    if (hand == null) {
      throw new AssertionError("worker " + worker + " received a command and does not live");
    }
    return hand;
  }

  private void start(int worker) {
    if (hands.containsKey(worker)) {
      throw new AssertionError("worker " + worker + " is started twice");
    }
    Hand hand = new Hand(worker);
    hands.put(worker, hand);
    plan(
        now + START,
        () -> {
          hand.ready = true;
          tell(new Event.Ready(worker));
        });
  }

  private void give(Decision.Run run) {
    Hand hand = hand(run.worker());
    boolean idle = hand.tests.isEmpty();
    trace.add(now + " run " + run.worker() + " " + run.tests());
    hand.tests.addAll(run.tests());
    if (idle) {
      begin(hand);
    }
  }

  private void begin(Hand hand) {
    hand.since = now;
    hand.life++;
    if (hand.tests.isEmpty()) {
      return;
    }
    int test = hand.tests.getFirst();
    starts.merge(test, 1, Integer::sum);
    measureConcurrency();
    int life = hand.life;
    plan(now + truths.get(test).micros(), () -> end(hand, life));
  }

  private void measureConcurrency() {
    var groups = new HashMap<Integer, Integer>();
    hands.values().stream()
        .filter(hand -> !hand.tests.isEmpty())
        .forEach(hand -> groups.merge(truths.get(hand.tests.getFirst()).group(), 1, Integer::sum));
    mostAtOnce = Math.max(mostAtOnce, groups.values().stream().mapToInt(Integer::intValue).sum());
    groups.forEach((group, count) -> mostOfGroup.merge(group, count, Math::max));
  }

  private void end(Hand hand, int life) {
    if (hand.life != life || hands.get(hand.number) != hand) {
      return;
    }
    int test = hand.tests.removeFirst();
    if (!ended.add(test)) {
      throw new AssertionError("test " + test + " ended twice");
    }
    endedAt.put(test, now);
    begin(hand);
    tell(new Event.Done(hand.number, test));
    leaveWhenRetired(hand);
  }

  private void drop(Hand hand) {
    var back = new ArrayList<>(hand.tests);
    if (!back.isEmpty()) {
      back.removeFirst();
      back.forEach(hand.tests::remove);
    }
    plan(now + 200, () -> tell(new Event.Dropped(hand.number, back)));
  }

  private void retire(Hand hand) {
    hand.retiring = true;
    leaveWhenRetired(hand);
  }

  private void leaveWhenRetired(Hand hand) {
    if (hand.retiring && hand.tests.isEmpty() && hands.get(hand.number) == hand) {
      hands.remove(hand.number);
      plan(now + 300, () -> tell(new Event.Gone(hand.number, -1, Event.Again.NO, 0)));
    }
  }

  private void die(Hand hand, Event.Again again) {
    if (hands.get(hand.number) != hand) {
      return;
    }
    int running = hand.tests.isEmpty() ? -1 : hand.tests.getFirst();
    long seen = use(hand);
    hands.remove(hand.number);
    trace.add(now + " dies " + hand.number + " " + running);
    if (running >= 0 && again == Event.Again.NO) {
      ended.add(running);
    }
    tell(new Event.Gone(hand.number, running, running < 0 ? Event.Again.NO : again, seen));
  }

  private long use(Hand hand) {
    if (hand.tests.isEmpty()) {
      return 0;
    }
    Truth truth = truths.get(hand.tests.getFirst());
    double part = Math.min(1, (now - hand.since) / (RAMP * truth.micros()));
    return (long) (truth.peak() * part);
  }

  private void sample() {
    long used = hands.values().stream().mapToLong(this::use).sum();
    peakUse = Math.max(peakUse, used);
    if (used > memory) {
      oomKills++;
      hands.values().stream()
          .max((a, b) -> Long.compare(use(a), use(b)))
          .ifPresent(hand -> die(hand, Event.Again.ALONE));
    }
    var growth = new HashMap<Integer, Bytes>();
    hands.values().forEach(hand -> growth.put(hand.number, Bytes.of(use(hand))));
    long free = memory - hands.values().stream().mapToLong(this::use).sum();
    Bytes headroom = Bytes.of(free - reserve);
    Bytes spare = Bytes.of(free - reserve / 2);
    var limit = new Shortage.MachineReserve(Bytes.of(free), Bytes.of(reserve));
    var state = pressure.judge(now / 1000, headroom, spare, NO_COUNTERS, limit);
    tell(new Event.Sensed(new Memory(headroom, growth, Map.of(), state, pressure.why())));
    if (!finished) {
      plan(now + Pressure.until(spare).toNanos() / 1000, this::sample);
    }
  }
}
