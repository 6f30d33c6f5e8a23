package dev.plimsoll.run.dispatch;

import dev.plimsoll.engine.pytest.WorkerName;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Isolation;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.report.ShortageText;
import dev.plimsoll.run.guard.MemoryWatch;
import dev.plimsoll.run.plan.RunPlan;
import dev.plimsoll.schedule.Decision;
import dev.plimsoll.schedule.Event;
import dev.plimsoll.schedule.Memory;
import dev.plimsoll.schedule.Scheduler;
import dev.plimsoll.verdict.KillReason;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Carries out what the scheduler decides.
final class DecisionExecutor {
  /// A test that may take more than this part of the budget is on the disk before it starts.
  private static final int HEAVY_SHARE = 8;

  /// How often the displays hear how much time is left. Each forecast places all tests that wait,
  /// so with many tests it comes less often.
  private static final Duration FORECAST = Duration.ofSeconds(1);

  private static final Duration FORECAST_PER_TEST = Duration.ofNanos(50_000);

  private final HostSession session;
  private final Instant started;
  private Instant nextForecast = Instant.EPOCH;
  private @Nullable Scheduler scheduler;
  private boolean saidWait;
  private final HeldBack heldBack = new HeldBack();

  DecisionExecutor(HostSession session) {
    this.session = session;
    this.started = session.now();
  }

  /// Begin with this schedule.
  void begin(Scheduler begun) {
    scheduler = begun;
    carryOut(begun.start());
  }

  /// No further test starts; the first reason counts.
  void stop(String reason) {
    if (session.stop(reason)) {
      tell(new Event.Stop());
    }
  }

  /// Tell the scheduler what happened and do what it decides.
  void tell(Event event) {
    Scheduler order = scheduler;
    if (order != null) {
      carryOut(order.on(micros(), event));
    }
  }

  /// The time since the start, as the scheduler counts it.
  private long micros() {
    return Duration.between(started, session.now()).toNanos() / 1000;
  }

  /// Whether tests of other machines should come here.
  boolean wantsMore() {
    Scheduler order = scheduler;
    return order != null && order.wantsMore();
  }

  private void carryOut(List<Decision> decisions) {
    for (Decision decision : decisions) {
      switch (decision) {
        case Decision.StartWorker start -> start(start);
        case Decision.Run run -> run(run);
        case Decision.Drop drop -> drop(drop);
        case Decision.Retire retire -> retire(retire);
        case Decision.Preempt preempt -> preempt(preempt);
        case Decision.BeginGroup begin -> begin(begin);
        case Decision.Finish finish -> session.host().finish();
      }
    }
  }

  private void start(Decision.StartWorker start) {
    session.journal.decided("starts", WorkerName.of(start.worker()), "");
    session.workers.put(start.worker(), new Worker(start.worker()));
    session
        .host()
        .startWorker(start.worker(), start.count(), session.plan.isolate() != Isolation.NONE);
  }

  private void run(Decision.Run run) {
    Worker worker = session.worker(run.worker());
    boolean idle = worker.tests.isEmpty();
    var ids = run.tests().stream().map(test -> session.tests.item(test).id()).toList();
    Bytes largest =
        run.tests().stream()
            .map(test -> session.tests.estimate(test).peak())
            .reduce(Bytes.ZERO, Bytes::max);
    session.journal.admitted(
        worker.name(), ids, largest.times(HEAVY_SHARE).compareTo(session.plan.capacity()) > 0);
    worker.tests.addAll(run.tests());
    session.board.ifPresentOrElse(
        board -> board.hand(run.tests(), () -> give(worker, run)), () -> give(worker, run));
    if (idle) {
      beginNext(worker);
    }
  }

  private void give(Worker worker, Decision.Run run) {
    if (worker.equals(session.workers.get(run.worker()))) {
      session.host().run(run.worker(), items(run.tests()), items(repeatable(run.tests())));
    }
  }

  private List<Integer> items(List<Integer> tests) {
    return tests.stream().map(test -> session.tests.item(test).index()).toList();
  }

  private List<Integer> repeatable(List<Integer> tests) {
    int retries = session.plan.retry().retries();
    return tests.stream().filter(test -> session.results().failures(test) < retries).toList();
  }

  /// The next test of a worker begins the moment the one before is done.
  void beginNext(Worker worker) {
    int test = worker.running();
    if (test >= 0) {
      worker.begin(session.now());
      session.results().attempt(test);
      session.emit(
          new RunEvent.TestStarted(
              session.now(),
              session.tests.item(test).id(),
              session.tests.group(test).name(),
              worker.name()));
    }
  }

  private void drop(Decision.Drop drop) {
    session.journal.decided("drops", WorkerName.of(drop.worker()), "");
    session.host().drop(drop.worker());
  }

  private void retire(Decision.Retire retire) {
    String name = WorkerName.of(retire.worker());
    String why =
        retire.kept().isPositive() ? "it still held " + retire.kept() + " after its tests" : "";
    session.journal.decided("retires", name, why);
    if (!why.isEmpty()) {
      session.note(false, name + " is replaced: " + why);
    }
    session.worker(retire.worker()).retire(session.now());
    session.host().retire(retire.worker());
  }

  private void preempt(Decision.Preempt preempt) {
    Worker worker = session.worker(preempt.worker());
    String why = ShortageText.of(preempt.why());
    session.journal.kills(worker.name(), session.tests.item(preempt.test()).id(), why);
    worker.condemn(
        session.results().isAlone(preempt.test())
            ? new KillReason.Oversize(preempt.why())
            : new KillReason.Preemption(preempt.why()),
        preempt.test());
    session.host().killNow(worker.pid);
    session.journal.sync();
  }

  private void begin(Decision.BeginGroup begin) {
    RunPlan.Group group = session.plan.groups().get(begin.group());
    session.journal.decided("begins", group.name(), "");
    int count = session.tests.perGroup().getOrDefault(group.name(), 0);
    session.emit(new RunEvent.GroupStarted(session.now(), group.name(), count, begin.workers()));
  }

  /// Memory was looked at.
  void looked(MemoryWatch.Reading reading) {
    var growth = new HashMap<Integer, Bytes>();
    var kept = new HashMap<Integer, Bytes>();
    for (int number : reading.sizes().keySet()) {
      Worker worker = session.worker(number);
      growth.put(number, worker.growth());
      kept.put(number, worker.kept());
    }
    tell(
        new Event.Sensed(
            new Memory(reading.headroom(), growth, kept, reading.state(), reading.why())));
    sayWait();
    sayLeft();
  }

  /// Say what keeps tests from starting: memory that is short, or other runs.
  private void sayWait() {
    Scheduler order = scheduler;
    if (order != null) {
      heldBack.note(order.heldBack(), session.now()).ifPresent(text -> session.note(true, text));
      sayWaitsForOthers(order.waitsForOthers());
    }
  }

  private void sayLeft() {
    Scheduler order = scheduler;
    Instant now = session.now();
    if (order == null || order.left() == 0 || now.isBefore(nextForecast)) {
      return;
    }
    nextForecast = now.plus(FORECAST).plus(FORECAST_PER_TEST.multipliedBy(order.left()));
    order
        .microsLeft(micros())
        .ifPresent(
            left -> session.emit(new RunEvent.Forecast(now, Duration.of(left, ChronoUnit.MICROS))));
  }

  /// Say once when nothing runs because other runs use the memory that the next test needs.
  private void sayWaitsForOthers(boolean waits) {
    if (waits && !saidWait) {
      session.note(
          true,
          "waiting: other runs of Plimsoll on this machine use the memory that the"
              + " next test needs");
    }
    saidWait = waits;
  }
}
