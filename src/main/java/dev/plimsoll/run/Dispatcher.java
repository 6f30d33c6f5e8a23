package dev.plimsoll.run;

import dev.plimsoll.engine.pytest.HostMessage;
import dev.plimsoll.engine.pytest.HostRequest;
import dev.plimsoll.engine.pytest.PytestHost;
import dev.plimsoll.engine.pytest.WorkerName;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.schedule.Cohesion;
import dev.plimsoll.schedule.Decision;
import dev.plimsoll.schedule.Event;
import dev.plimsoll.schedule.Memory;
import dev.plimsoll.schedule.Policy;
import dev.plimsoll.schedule.Scheduler;
import dev.plimsoll.verdict.Cause;
import dev.plimsoll.verdict.OwnKill;
import dev.plimsoll.verdict.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Carries a run out. One thread owns the schedule's state: it takes what the host, the clock and
/// the user send from one queue, in order, and carries out the scheduler's decisions. Displays and
/// recorders only see the events.
final class Dispatcher {
  private static final Duration TICK = Duration.ofMillis(100);

  /// How much expected work a worker is given at once: long against the 0.2 ms that a message
  /// takes, short against the time that other workers would wait for its end.
  private static final long BATCH_MICROS = 300_000;

  /// Between TERM, which lets a stuck test write its stack, and KILL.
  private static final Duration GRACE = Duration.ofSeconds(2);

  private static final int SIGTERM = 15;

  /// A test that may take more than this part of the budget is on the disk before it starts.
  private static final int HEAVY_SHARE = 8;

  private final RunPlan plan;
  private final HostRequest request;
  private final MemoryWatch watch;
  private final Guard guard;
  private final Journal journal;
  private final Consumer<RunEvent> events;
  private final InstantSource clock;
  private final LinkedBlockingQueue<Signal> queue = new LinkedBlockingQueue<>();
  private final Tests tests;
  private final Map<Integer, Worker> workers = new TreeMap<>();
  private final RunState state = new RunState();
  private final Instant started;
  private @Nullable PytestHost host;
  private @Nullable Scheduler scheduler;
  private @Nullable Results results;
  private Instant lastLook = Instant.EPOCH;

  Dispatcher(
      RunPlan plan,
      HostRequest request,
      MemoryWatch watch,
      Guard guard,
      Journal journal,
      Consumer<RunEvent> events,
      InstantSource clock) {
    this.plan = plan;
    this.request = request;
    this.watch = watch;
    this.guard = guard;
    this.journal = journal;
    this.events = events;
    this.clock = clock;
    this.tests = new Tests(plan);
    this.started = clock.instant();
  }

  /// Ask the run to stop, from any thread: running tests finish the first time, are killed the
  /// second.
  void interrupt() {
    queue.add(new Signal.Interrupt());
  }

  /// Run to the end.
  RunState run() throws InterruptedException {
    try (PytestHost opened =
        PytestHost.start(request, message -> queue.add(new Signal.Message(message)))) {
      host = opened;
      guard.host(opened.pid());
      while (!state.exited) {
        Signal signal = queue.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
        if (signal != null) {
          take(signal);
        }
        look();
      }
    }
    return state;
  }

  List<TestResult> outcomes() {
    Results known = results;
    var all = new ArrayList<>(tests.done());
    if (known != null) {
      all.addAll(known.all(state.notRunReason()));
    }
    return all;
  }

  private void take(Signal signal) {
    switch (signal) {
      case Signal.Message message -> take(message.message());
      case Signal.Interrupt interrupt -> interrupted();
    }
  }

  private void take(HostMessage message) {
    switch (message) {
      case HostMessage.Hello hello -> greet(hello);
      case HostMessage.Items items -> tests.add(items.items());
      case HostMessage.Collected collected -> begin(collected);
      case HostMessage.Worker ready -> ready(ready);
      case HostMessage.Started begun -> begun(begun);
      case HostMessage.Done done -> done(done);
      case HostMessage.Late late -> late(late);
      case HostMessage.Dropped dropped -> dropped(dropped);
      case HostMessage.Gone gone -> gone(gone);
      case HostMessage.Stop stop -> stop(stop.reason());
      case HostMessage.Note note -> note(note.warning(), note.text());
      case HostMessage.UnitError error -> differs(error);
      case HostMessage.Bye bye -> state.status = bye.exitStatus();
      case HostMessage.Output output -> emit(new RunEvent.Output(now(), output.text()));
      case HostMessage.Exited exited -> exited(exited.status());
    }
  }

  private void greet(HostMessage.Hello hello) {
    state.hello = hello;
    if (request.engine().equals("xdist") && hello.xdist().isEmpty()) {
      state.refused = Refusal.noXdist(request.python());
      host().abort("pytest-xdist is missing");
    }
  }

  private void begin(HostMessage.Collected collected) {
    tests.close(Path.of(Objects.requireNonNull(state.hello, "hello comes first").rootdir()));
    results = new Results(tests);
    state.collected = tests.size();
    journal.collected(tests.size());
    state.engine = collected.engine();
    if (!collected.why().isEmpty()) {
      note(false, collected.why());
    }
    tests.farOffDeclarations().forEach(text -> note(true, text));
    var oversize = tests.oversize();
    if (!oversize.isEmpty()) {
      state.refused = Refusal.oversize(oversize);
      host().abort("a test does not fit the memory budget");
      return;
    }
    int deselected = collected.deselected() + tests.leftOut();
    emit(
        new RunEvent.Collected(
            now(), tests.size(), deselected, tests.perGroup(), tests.expectedSeconds()));
    state.collectionFailed = collected.errors() > 0;
    if (isListening()) {
      return;
    }
    MemoryWatch.Reading reading = watch.read(host().pid(), Map.of());
    var order =
        new Scheduler(
            tests.candidates(), policy(), plan.order(), cohesion(collected.dist()), reading.room());
    scheduler = order;
    carryOut(order.start());
  }

  /// Whether the host schedules by itself and is only listened to.
  private boolean isListening() {
    return !state.engine.equals("fork") && !state.engine.equals("spawn");
  }

  private Policy policy() {
    var caps = plan.groups().stream().map(RunPlan.Group::workers).toList();
    return new Policy(
        plan.packed(),
        caps,
        plan.workers(),
        plan.workerBase(),
        plan.capacity(),
        BATCH_MICROS,
        plan.fresh());
  }

  private Cohesion cohesion(String dist) {
    return plan.byFile() ? Cohesion.FILE : Cohesion.ofDist(dist);
  }

  // ---- messages of a running host

  private void ready(HostMessage.Worker ready) {
    Worker worker = workers.computeIfAbsent(ready.worker(), Worker::new);
    worker.pid = ready.pid();
    guard.worker(worker.number, worker.pid);
    emit(new RunEvent.WorkerStarted(now(), WorkerName.of(worker.number), worker.pid));
    tell(new Event.Ready(worker.number));
  }

  private void begun(HostMessage.Started begun) {
    Worker worker = workers.get(begun.worker());
    if (worker != null && worker.running() == tests.test(begun.item())) {
      worker.since = begun.at();
    }
  }

  private void done(HostMessage.Done done) {
    Worker worker = workers.computeIfAbsent(done.worker(), Worker::new);
    int test = tests.test(done.item());
    if (isListening()) {
      results().attempt(test);
    }
    worker.tests.remove((Integer) test);
    finished(results().finish(test, worker.name(), done));
    beginNext(worker);
    tell(new Event.Done(worker.number, test));
  }

  private void finished(TestResult result) {
    journal.ended(result);
    emit(new RunEvent.TestFinished(now(), result));
  }

  private void late(HostMessage.Late late) {
    int test = tests.test(late.item());
    finished(results().late(test, late.text()));
  }

  private void dropped(HostMessage.Dropped dropped) {
    var back = dropped.items().stream().map(tests::test).toList();
    Worker worker = workers.get(dropped.worker());
    if (worker == null) {
      return;
    }
    if (back.contains(worker.running())) {
      results().neverBegan(worker.running());
    }
    worker.tests.removeAll(back);
    tell(new Event.Dropped(dropped.worker(), back));
  }

  private void gone(HostMessage.Gone gone) {
    Worker worker = workers.remove(gone.worker());
    if (worker == null) {
      return;
    }
    if (isListening()) {
      guard.ended(worker.number);
      emit(
          new RunEvent.WorkerGone(
              now(), worker.name(), gone.pid(), gone.expected() ? "" : "pytest-xdist lost it"));
      return;
    }
    if (worker.pid < 0 && !gone.expected()) {
      couldNotStart(worker, gone);
    }
    int test = gone.item() == HostMessage.NONE ? -1 : tests.test(gone.item());
    if (gone.expected() && test < 0) {
      guard.ended(worker.number);
      emit(new RunEvent.WorkerGone(now(), worker.name(), gone.pid(), ""));
      tell(new Event.Gone(worker.number, -1, Event.Again.NO, 0));
      return;
    }
    String id = test < 0 ? "" : tests.item(test).id();
    Verdict verdict =
        guard.judge(
            gone, new Guard.Victim(worker.number, worker.kill, id, worker.size, worker.growth()));
    if (verdict.suggestsMoreMemory() && verdict.cause() != Cause.PREEMPTED) {
      state.evidence.add(verdict.what());
      state.evidence.addAll(verdict.evidence());
    }
    journal.died(worker.name(), id, verdict.text());
    emit(new RunEvent.WorkerGone(now(), worker.name(), gone.pid(), verdict.what()));
    Event.Again again = test < 0 ? Event.Again.NO : afterDeath(worker, test, gone, verdict);
    long seen = verdict.suggestsMoreMemory() ? worker.growth().value() : 0;
    tell(new Event.Gone(worker.number, test, again, seen));
  }

  /// A worker that never got ready: another would not either.
  private void couldNotStart(Worker worker, HostMessage.Gone gone) {
    note(
        true,
        "worker "
            + worker.name()
            + " could not start"
            + (gone.stack().isBlank() ? "" : ":\n" + gone.stack()));
    state.broken = true;
    stop("no worker could start");
  }

  /// What becomes of the test whose worker died: a preempted one runs again when its memory is
  /// free, a victim runs again alone, and what dies alone or exceeded its time limit is reported.
  private Event.Again afterDeath(Worker worker, int test, HostMessage.Gone gone, Verdict verdict) {
    boolean first = results().attempts(test) < 2;
    return switch (verdict.cause()) {
      case PREEMPTED ->
          retry(worker, test, verdict, first ? Event.Again.RESERVED : Event.Again.ALONE);
      case TIMED_OUT -> fail(worker, test, gone, Outcome.FAILED, verdict);
      case STOPPED -> Event.Again.RESERVED;
      case OUT_OF_MEMORY, MEMORY_DAEMON, KILLED, SIGNAL, EXIT, VANISHED ->
          first && state.stop.isEmpty()
              ? retry(worker, test, verdict, Event.Again.ALONE)
              : fail(worker, test, gone, Outcome.CRASHED, verdict);
    };
  }

  private Event.Again retry(Worker worker, int test, Verdict verdict, Event.Again again) {
    results().note(test, "attempt " + results().attempts(test) + ": " + verdict.what());
    emit(new RunEvent.TestRetried(now(), tests.item(test).id(), worker.name(), verdict.what()));
    return again;
  }

  private Event.Again fail(
      Worker worker, int test, HostMessage.Gone gone, Outcome outcome, Verdict verdict) {
    String text =
        CrashText.of(tests.item(test).id(), worker.name(), gone, verdict.text(), worker.growth());
    host().crashed(worker.number, tests.item(test).index(), text);
    Duration spent = Duration.between(worker.since, now());
    finished(
        results()
            .crash(
                test,
                worker.name(),
                outcome,
                worker.since,
                spent,
                worker.growth(),
                text,
                verdict.what()));
    return Event.Again.NO;
  }

  private void differs(HostMessage.UnitError error) {
    note(
        true,
        "worker "
            + WorkerName.of(error.worker())
            + " collected other tests than the host: "
            + error.text());
    state.broken = true;
    stop("the workers collected different tests");
  }

  private void stop(String reason) {
    if (state.stop.isEmpty()) {
      state.stop = reason;
      tell(new Event.Stop());
    }
  }

  private void interrupted() {
    state.interrupts++;
    stop("interrupted");
    if (isListening()) {
      host().interrupt();
    } else if (state.interrupts == 1 && scheduler != null) {
      note(
          true,
          "interrupted: " + busy() + " running tests may finish; press Ctrl-C again to kill them");
    } else {
      host().abort("interrupted by the user");
    }
  }

  private long busy() {
    return workers.values().stream().filter(worker -> worker.running() >= 0).count();
  }

  private void exited(int status) {
    state.exited = true;
    state.processStatus = status;
    if (state.status < 0 && state.stop.isEmpty()) {
      state.stop = "pytest ended without a word (exit status " + status + ")";
    }
  }

  // ---- decisions

  private void tell(Event event) {
    Scheduler order = scheduler;
    if (order != null) {
      carryOut(order.on(Duration.between(started, now()).toNanos() / 1000, event));
    }
  }

  private void carryOut(List<Decision> decisions) {
    for (Decision decision : decisions) {
      switch (decision) {
        case Decision.StartWorker start -> start(start);
        case Decision.Run run -> run(run);
        case Decision.Drop drop -> host().drop(drop.worker());
        case Decision.Retire retire -> host().retire(retire.worker());
        case Decision.Preempt preempt -> preempt(preempt);
        case Decision.BeginGroup begin -> begin(begin);
        case Decision.Finish finish -> host().finish();
      }
    }
  }

  private void start(Decision.StartWorker start) {
    workers.put(start.worker(), new Worker(start.worker()));
    host().startWorker(start.worker(), start.count());
  }

  private void run(Decision.Run run) {
    Worker worker = worker(run.worker());
    boolean idle = worker.tests.isEmpty();
    var ids = run.tests().stream().map(test -> tests.item(test).id()).toList();
    Bytes largest =
        run.tests().stream()
            .map(test -> tests.estimate(test).peak())
            .reduce(Bytes.ZERO, Bytes::max);
    journal.admitted(worker.name(), ids, largest.times(HEAVY_SHARE).compareTo(plan.capacity()) > 0);
    worker.tests.addAll(run.tests());
    host().run(run.worker(), run.tests().stream().map(test -> tests.item(test).index()).toList());
    if (idle) {
      beginNext(worker);
    }
  }

  /// The next test of a worker begins the moment the one before is done.
  private void beginNext(Worker worker) {
    int test = worker.running();
    if (test >= 0) {
      worker.since = now();
      worker.base = worker.size;
      results().attempt(test);
      emit(
          new RunEvent.TestStarted(
              now(), tests.item(test).id(), tests.group(test).name(), worker.name()));
    }
  }

  private void preempt(Decision.Preempt preempt) {
    Worker worker = worker(preempt.worker());
    journal.kills(worker.name(), tests.item(preempt.test()).id(), preempt.why());
    worker.kill = OwnKill.PREEMPTION;
    note(
        true,
        tests.item(preempt.test()).id() + " is stopped and runs again later: " + preempt.why());
    killNow(worker);
  }

  /// Kill without asking the host, which may be busy: memory is short now. The host reports the
  /// death.
  private static void killNow(Worker worker) {
    ProcessHandle.of(worker.pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  private void begin(Decision.BeginGroup begin) {
    RunPlan.Group group = plan.groups().get(begin.group());
    int count = tests.perGroup().getOrDefault(group.name(), 0);
    emit(new RunEvent.GroupStarted(now(), group.name(), count, begin.workers()));
  }

  // ---- the passing of time

  private void look() {
    Instant now = now();
    if (Duration.between(lastLook, now).compareTo(TICK) < 0 || host == null || state.exited) {
      return;
    }
    lastLook = now;
    var pids = new HashMap<Integer, Long>();
    for (Worker worker : workers.values()) {
      if (worker.pid > 0) {
        pids.put(worker.number, worker.pid);
      }
    }
    MemoryWatch.Reading reading = watch.read(host().pid(), pids);
    var sizes = new HashMap<String, Bytes>();
    var growth = new HashMap<Integer, Bytes>();
    reading
        .sizes()
        .forEach((number, size) -> {
          Worker worker = worker(number);
          worker.sense(size);
          sizes.put(worker.name(), size);
          growth.put(number, worker.growth());
        });
    emit(new RunEvent.Sampled(now, reading.snapshot(), sizes));
    tell(new Event.Sensed(new Memory(reading.room(), growth, reading.state(), reading.why())));
    announce();
    List.copyOf(workers.values()).forEach(this::checkTime);
  }

  /// What the running tests are still expected to allocate.
  private void announce() {
    Scheduler order = scheduler;
    if (order != null) {
      Bytes pending = Bytes.ZERO;
      for (Worker worker : workers.values()) {
        pending = pending.plus(order.lease(worker.number).minus(worker.growth()).max(Bytes.ZERO));
      }
      watch.announce(pending);
    }
  }

  private void checkTime(Worker worker) {
    int test = worker.running();
    if (worker.kill == OwnKill.TIMEOUT && now().isAfter(worker.killAt)) {
      worker.killAt = Instant.MAX;
      killNow(worker);
    }
    if (test < 0 || worker.kill != OwnKill.NONE) {
      return;
    }
    var limit = tests.timeout(test);
    if (limit.isPresent() && Duration.between(worker.since, now()).compareTo(limit.get()) > 0) {
      journal.kills(worker.name(), tests.item(test).id(), "time limit " + limit.get());
      worker.kill = OwnKill.TIMEOUT;
      worker.limit = limit.get();
      host().dump(worker.number);
      host().kill(worker.number, SIGTERM);
      worker.killAt = now().plus(GRACE);
    }
  }

  // ---- small things

  private Worker worker(int number) {
    Worker worker = workers.get(number);
    if (worker == null) {
      throw new IllegalStateException("no worker " + WorkerName.of(number));
    }
    return worker;
  }

  private PytestHost host() {
    return Objects.requireNonNull(host, "the host is started first");
  }

  private Results results() {
    return Objects.requireNonNull(results, "results exist after the collection");
  }

  private Instant now() {
    return clock.instant();
  }

  private void note(boolean warning, String text) {
    emit(new RunEvent.Note(now(), warning ? RunEvent.Level.WARNING : RunEvent.Level.INFO, text));
  }

  private void emit(RunEvent event) {
    events.accept(event);
  }
}
