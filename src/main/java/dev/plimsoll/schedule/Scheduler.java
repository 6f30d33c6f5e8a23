package dev.plimsoll.schedule;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Shortage;
import dev.plimsoll.schedule.Event.Again;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;

/// Decide what runs next, where, and what is given up: a state that takes an event at a moment and
/// answers with decisions. It knows no clock, thread or process, so that it can be simulated.
///
/// Admission. Each worker holds a lease of the largest expected peak among its tests. A unit is
/// admitted when what all leases may still grow by, its own included, fits the headroom that memory
/// has ({@link WorkerPool}, {@link UnitSelector}). When nothing runs, the first unit always runs:
/// progress.
///
/// Processors. Where Plimsoll chose more workers than there are cores, because the tests wait most
/// of their time, a unit that computes starts only while the running ones leave a core idle ({@link
/// WorkerPool#hasIdleCore}); one that waits may start beside them.
///
/// Batches. Short units are given several at a time, and the next batch before the last test of the
/// present one, so that a worker neither waits nor holds what an idle one could run; what it holds
/// too much is asked back.
///
/// {@link GroupGate} decides which groups may run at all.
public final class Scheduler {
  private static final int MAX_BATCH = 200;

  /// A test is big when this many of them on every worker would fill the memory.
  private static final int BIG_SHARE = 4;

  /// How long a worker is spared from being replaced for what it holds: some hundred times what a
  /// fork takes.
  private static final long SPARED_MICROS = 5_000_000;

  /// More is asked for while less than this waits for each worker.
  private static final long ASK_MICROS = 500_000;

  private final Policy policy;
  private final WorkerPool pool;
  private final UnitSelector selector;
  private final GroupGate groups;
  private final RunForecast forecast;
  private final Unit[] unitOf;
  private final boolean[] done;
  private final int workerCount;
  private final List<Decision> decisions = new ArrayList<>();
  private int left;
  private boolean stopped;
  private boolean finished;

  /// Whether tests may still arrive.
  private boolean open;

  private long now;

  /// A schedule of the tests; their numbers are their places in the list.
  ///
  /// @param headroom what the run may allocate by a first look at memory
  /// @param reservations what other runs say to it
  public Scheduler(
      List<Candidate> tests,
      Policy policy,
      UnitOrder order,
      Bytes headroom,
      Reservations reservations) {
    this.policy = policy;
    this.pool = new WorkerPool(policy.workerBase(), headroom, reservations);
    var readyQueue = new ReadyQueue(policy.caps().size());
    this.selector = new UnitSelector(readyQueue, pool, policy);
    this.groups = new GroupGate(policy, readyQueue, pool, selector);
    this.forecast = new RunForecast(tests, policy);
    this.unitOf = new Unit[tests.size()];
    this.done = new boolean[tests.size()];
    this.left = tests.size();
    Planner.plan(tests, order, policy).forEach(this::enqueue);
    this.workerCount = groups.workerCount();
  }

  /// A schedule of tests that several machines share: none runs here before it is {@link
  /// Event.Given}.
  public static Scheduler ofShared(
      List<Candidate> tests,
      Policy policy,
      UnitOrder order,
      Bytes headroom,
      Reservations reservations) {
    var scheduler = new Scheduler(tests, policy, order, headroom, reservations);
    scheduler.open = true;
    scheduler.withdraw(IntStream.range(0, tests.size()).boxed().toList());
    return scheduler;
  }

  /// What to do first.
  public List<Decision> start() {
    return decide();
  }

  /// Take an event that happened `micros` after the start and answer what to do. The end of a test
  /// whose worker has more than one left frees nobody, so it costs no decision.
  public List<Decision> on(long micros, Event event) {
    now = micros;
    switch (event) {
      case Event.Ready ready -> {
        WorkerSlot slot = pool.slot(ready.worker());
        slot.state = WorkerState.READY;
        slot.born = now;
      }
      case Event.Done ended -> {
        WorkerSlot slot = pool.slot(ended.worker());
        finish(slot, ended.test());
        if (slot.tests.size() > 1) {
          return List.of();
        }
      }
      case Event.Repeated ended -> {
        WorkerSlot slot = pool.slot(ended.worker());
        leave(slot, ended.test());
        runAgain(ended.test(), Again.ALONE, 0);
      }
      case Event.Dropped dropped -> takeBack(pool.slot(dropped.worker()), dropped.tests());
      case Event.Gone gone -> pool.close(gone.worker()).ifPresent(slot -> bury(slot, gone));
      case Event.Sensed sensed -> sense(sensed.memory());
      case Event.Given given -> arrive(given.tests(), given.alone());
      case Event.Withdrawn withdrawn -> withdraw(withdrawn.tests());
      case Event.NoMore noMore -> open = false;
      case Event.Stop stop -> stopped = true;
    }
    return decide();
  }

  /// Tests that have not ended.
  public int left() {
    return left;
  }

  /// The time until all tests have ended, in microseconds; empty while tests may arrive, and after
  /// a stop.
  ///
  /// @param micros since the start
  public OptionalLong microsLeft(long micros) {
    return open || stopped
        ? OptionalLong.empty()
        : OptionalLong.of(forecast.left(pool.slots(), selector.waiting(), pool.room(), micros));
  }

  /// Whether tests may arrive and what waits will soon be begun.
  public boolean wantsMore() {
    return open && !stopped && groups.allWaitingMicros() < ASK_MICROS * policy.workers();
  }

  /// Whether nothing runs because other runs use the memory that the next test needs.
  public boolean waitsForOthers() {
    return pool.waitsForOthers();
  }

  /// Why tests that wait do not start beside those that run, when it is that memory is short; else
  /// empty.
  public Optional<Shortage> heldBack() {
    boolean more =
        pool.any(slot -> slot.isIdle() && slot.canTake())
            || pool.count(WorkerSlot::isStaying) < groups.wantedWorkers();
    return stopped || !more || groups.waitingTests() == 0 ? Optional.empty() : pool.whyShort();
  }

  // ---- events

  private void finish(WorkerSlot slot, int test) {
    end(test);
    forecast.ended(test, now - slot.since);
    leave(slot, test);
  }

  /// A test is no longer with its worker.
  private void leave(WorkerSlot slot, int test) {
    if (!slot.take(test, unitOf[test])) {
      throw new IllegalStateException("test " + test + " was not with worker " + slot.worker);
    }
    slot.since = now;
    slot.growth = 0;
    slot.forget(unitOf[test]);
    if (slot.isIdle()) {
      if (slot.outgrown) {
        retire(slot, slot.kept);
      } else if (policy.isolates()) {
        retire(slot, Bytes.ZERO);
      }
    }
  }

  private void end(int test) {
    if (done[test]) {
      throw new IllegalStateException("test " + test + " ended twice");
    }
    done[test] = true;
    left--;
  }

  private void arrive(List<Integer> tests, boolean alone) {
    byUnit(tests)
        .forEach((unit, its) -> {
          boolean whole = its.size() == unit.tests().size() && unit.exclusive() == alone;
          enqueue(whole ? unit : part(unit, its, unit.peak(), alone || unit.exclusive()));
        });
    left += tests.size();
  }

  /// Tests that wait here run on another machine, or are not given yet.
  private void withdraw(List<Integer> tests) {
    byUnit(tests)
        .forEach((unit, its) -> {
          selector.remove(unit);
          var rest = unit.tests().stream().filter(test -> !its.contains(test)).toList();
          if (!rest.isEmpty()) {
            enqueue(part(unit, rest, unit.peak(), unit.exclusive()));
          }
        });
    left -= tests.size();
  }

  /// The tests of each unit, in its order.
  private Map<Unit, List<Integer>> byUnit(List<Integer> tests) {
    var units = new LinkedHashMap<Unit, Set<Integer>>();
    tests.forEach(test -> units.computeIfAbsent(unitOf[test], _ -> new HashSet<>()).add(test));
    var sorted = new LinkedHashMap<Unit, List<Integer>>();
    units.forEach(
        (unit, its) -> sorted.put(unit, unit.tests().stream().filter(its::contains).toList()));
    return sorted;
  }

  private void takeBack(WorkerSlot slot, List<Integer> tests) {
    if (slot.state == WorkerState.DRAINING) {
      slot.state = WorkerState.READY;
    }
    var dropped = new LinkedHashMap<Unit, List<Integer>>();
    for (int test : tests) {
      if (slot.take(test, unitOf[test])) {
        dropped.computeIfAbsent(unitOf[test], unit -> new ArrayList<>()).add(test);
      }
    }
    dropped.entrySet().stream()
        .sorted((a, b) -> Unit.BY_RANK.compare(a.getKey(), b.getKey()))
        .forEach(entry -> returnUnit(slot, entry.getKey(), entry.getValue()));
  }

  /// A unit whose tests have partly run stays where its fixtures are; any other waits again.
  private void returnUnit(WorkerSlot slot, Unit unit, List<Integer> back) {
    boolean begun = back.size() < unit.tests().size();
    if (begun && !stopped && slot.isStaying()) {
      slot.putBack(unit, back);
      decisions.add(new Decision.Run(slot.worker, List.copyOf(back)));
    } else {
      slot.forget(unit);
      enqueue(begun ? part(unit, back, unit.peak(), false) : unit);
    }
  }

  private void bury(WorkerSlot slot, Event.Gone gone) {
    boolean wasRunning = gone.running() >= 0 && slot.tests.remove((Integer) gone.running());
    var here = new HashSet<>(slot.tests);
    for (Unit unit : slot.units.keySet()) {
      var rest = unit.tests().stream().filter(here::contains).toList();
      if (!rest.isEmpty()) {
        boolean whole = rest.size() == unit.tests().size();
        enqueue(whole ? unit : part(unit, rest, unit.peak(), unit.exclusive()));
      }
    }
    if (wasRunning && gone.again() == Again.NO) {
      end(gone.running());
    } else if (wasRunning) {
      runAgain(gone.running(), gone.again(), gone.peak());
    }
  }

  private void runAgain(int test, Again again, long seen) {
    Unit unit = unitOf[test];
    Bytes raised = unit.peak().max(Retries.reservation(Bytes.of(seen)));
    enqueue(part(unit, List.of(test), raised, again == Again.ALONE));
  }

  private static Unit part(Unit unit, List<Integer> tests, Bytes peak, boolean alone) {
    long micros = unit.micros() * tests.size() / unit.tests().size();
    return new Unit(unit.rank(), tests, unit.group(), peak, micros, alone, unit.cores());
  }

  /// Let a unit wait; an expected peak above what the run could ever have is cut to that: it will
  /// run alone.
  private void enqueue(Unit unit) {
    Bytes peak = unit.peak().min(policy.capacity());
    Unit cut =
        new Unit(
            unit.rank(),
            unit.tests(),
            unit.group(),
            peak,
            unit.micros(),
            unit.exclusive(),
            unit.cores());
    cut.tests().forEach(test -> unitOf[test] = cut);
    selector.add(cut);
  }

  private void sense(Memory sample) {
    pool.sense(sample);
    pool.slots().forEach(slot -> weigh(slot, sample));
    boolean freed = sample.state() != Memory.State.CALM && retireIdle();
    if (sample.state() == Memory.State.CRITICAL && !freed) {
      pool.victim(policy).ifPresent(slot -> preempt(slot, sample.why().orElseThrow()));
    }
  }

  /// A worker that still holds too much after its tests ends at the end of its unit. One that is
  /// young is spared while memory is not short: what it holds may be a fixture that every new
  /// worker would have to make again.
  private void weigh(WorkerSlot slot, Memory sample) {
    slot.kept = sample.kept().getOrDefault(slot.worker, Bytes.ZERO);
    slot.looksOver = slot.kept.compareTo(policy.workerGrowth()) > 0 ? slot.looksOver + 1 : 0;
    boolean grownUp = now - slot.born >= SPARED_MICROS || sample.state() != Memory.State.CALM;
    if (slot.looksOver == 0) {
      slot.outgrown = false; // it has given the memory back
    } else if (slot.looksOver >= 2 && grownUp && slot.canTake()) {
      slot.outgrown = true;
      if (slot.isIdle()) {
        retire(slot, slot.kept);
      }
    }
  }

  // ---- decisions

  private List<Decision> decide() {
    if (!finished) {
      if (stopped) {
        askBack();
      } else {
        groups.begin(decisions);
        startWorkers();
        fill();
        steal();
      }
      retireSurplus();
      finishWhenDone();
    }
    var answer = List.copyOf(decisions);
    decisions.clear();
    return answer;
  }

  private void finishWhenDone() {
    if (pool.isEmpty() && (stopped || (left == 0 && !open))) {
      finished = true;
      decisions.add(new Decision.Finish());
    }
  }

  private void askBack() {
    for (WorkerSlot slot : pool.slots()) {
      if (slot.tests.size() > 1 && slot.canTake()) {
        drop(slot);
      }
    }
  }

  private void startWorkers() {
    int live = pool.count(WorkerSlot::isStaying);
    int wanted = groups.wantedWorkers();
    while (live < wanted && (pool.isEmpty() || pool.fitsWorker())) {
      WorkerSlot slot = pool.open();
      slot.opened = now;
      decisions.add(new Decision.StartWorker(slot.worker, workerCount));
      live++;
    }
  }

  private void fill() {
    boolean given = true;
    while (given && !pool.any(WorkerSlot::hasExclusive)) {
      given = false;
      for (WorkerSlot slot : pool.byLoad()) {
        given |= slot.canTake() && isHungry(slot) && feed(slot);
      }
    }
  }

  /// Whether a worker may be given more. What is given behind a running test stays there until that
  /// test ends, so it is only done when that is expected soon, and while enough waits for every
  /// other worker that lives or starts.
  private boolean isHungry(WorkerSlot slot) {
    if (slot.isIdle() || policy.isolates()) {
      return slot.isIdle();
    }
    return slot.tests.size() == 1
        && slot.endsWithin(policy.batchMicros(), now)
        && groups.waitingTests() >= pool.count(WorkerSlot::isStaying);
  }

  private boolean feed(WorkerSlot slot) {
    boolean alone = pool.isIdle();
    var batch = new ArrayList<Integer>();
    long target = policy.isolates() ? 0 : batchMicros();
    long micros = 0;
    do {
      var unit =
          selector.take(
              slot,
              g -> groups.mayRun(g, slot),
              u -> mayJoin(slot, u),
              alone && batch.isEmpty(),
              now);
      if (unit.isEmpty()) {
        break;
      }
      batch.addAll(give(slot, unit.get()));
      micros += unit.get().micros();
    } while (micros < target && batch.size() < MAX_BATCH && !isBig(slot.peak()));
    if (batch.isEmpty() && alone && groups.nothingWaits()) {
      selector
          .takeExclusive(slot, g -> groups.mayRun(g, slot))
          .ifPresent(unit -> batch.addAll(give(slot, unit)));
    }
    if (!batch.isEmpty()) {
      decisions.add(new Decision.Run(slot.worker, List.copyOf(batch)));
    }
    return !batch.isEmpty();
  }

  /// Whether a test takes so much that it goes alone and only to an idle worker: in a batch its
  /// memory would be set aside while smaller tests run before it.
  private boolean isBig(long peak) {
    return peak * policy.workers() * BIG_SHARE > policy.capacity().value();
  }

  private List<Integer> give(WorkerSlot slot, Unit unit) {
    if (slot.isIdle()) {
      slot.since = now;
      if (policy.isolates()) {
        forecast.began(now - slot.opened);
      }
    }
    slot.give(unit);
    return unit.tests();
  }

  /// A share of what waits that leaves work for the others, never above the configured batch.
  private long batchMicros() {
    long share = groups.waitingMicros() / (4L * Math.max(1, pool.slots().size()));
    return Math.min(policy.batchMicros(), share);
  }

  private boolean mayJoin(WorkerSlot slot, Unit unit) {
    return slot.isIdle() || !isBig(unit.peak().value());
  }

  /// When a worker idles and nothing waits, ask the fullest one for what it has not started.
  private void steal() {
    boolean idle = pool.any(slot -> slot.canTake() && slot.isIdle());
    if (idle && !policy.isolates() && groups.nothingWaits() && pool.isCalm()) {
      pool.slots().stream()
          .filter(slot -> slot.canTake() && slot.units.size() > 1)
          .max((a, b) -> Long.compare(a.micros, b.micros))
          .ifPresent(this::drop);
    }
  }

  private void drop(WorkerSlot slot) {
    slot.state = WorkerState.DRAINING;
    decisions.add(new Decision.Drop(slot.worker));
  }

  private void retire(WorkerSlot slot, Bytes kept) {
    if (slot.isStaying()) {
      slot.state = WorkerState.RETIRING;
      decisions.add(new Decision.Retire(slot.worker, kept));
    }
  }

  /// Let idle workers go that nothing waits for; one stays while another group may follow, and all
  /// while tests are on their way back to them.
  private void retireSurplus() {
    if (!stopped && pool.any(slot -> slot.state == WorkerState.DRAINING)) {
      return;
    }
    if (!stopped && open && groups.waitingTests() == 0) {
      return;
    }
    boolean more = !stopped && left > 0;
    int wanted = stopped ? 0 : Math.max(groups.wantedWorkers(), more ? 1 : 0);
    int live = pool.count(WorkerSlot::isStaying);
    for (WorkerSlot slot : pool.newestFirst()) {
      if (live > wanted && slot.isIdle() && slot.canTake()) {
        retire(slot, Bytes.ZERO);
        live--;
      }
    }
  }

  private boolean retireIdle() {
    if (pool.isIdle()) {
      return false;
    }
    var idle = pool.slots().stream().filter(slot -> slot.canTake() && slot.isIdle()).toList();
    idle.forEach(slot -> retire(slot, Bytes.ZERO));
    return !idle.isEmpty();
  }

  private void preempt(WorkerSlot slot, Shortage why) {
    slot.state = WorkerState.KILLING;
    decisions.add(new Decision.Preempt(slot.worker, slot.tests.getFirst(), why));
  }
}
