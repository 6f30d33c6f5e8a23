package dev.plimsoll.run.dispatch;

import dev.plimsoll.engine.ExitWords;
import dev.plimsoll.engine.pytest.HostMessage;
import dev.plimsoll.engine.pytest.WorkerName;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Isolation;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.run.guard.Guard;
import dev.plimsoll.run.guard.MemoryWatch;
import dev.plimsoll.run.plan.RunPlan;
import dev.plimsoll.schedule.Cohesion;
import dev.plimsoll.schedule.Event;
import dev.plimsoll.schedule.Memory;
import dev.plimsoll.schedule.Policy;
import dev.plimsoll.schedule.Rehearsal;
import dev.plimsoll.schedule.Scheduler;
import dev.plimsoll.verdict.KillReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;

/// Carries a run out. One thread owns the schedule's state: it takes what the host, the clock and
/// the user send from one queue, in order, and carries out the scheduler's decisions. Displays and
/// recorders only see the events.
final class Dispatcher {
  /// How often the displays and the recorders hear of memory, however often it is looked at.
  private static final Duration TELL = Duration.ofMillis(100);

  /// How much expected work a worker is given at once: long against the 0.2 ms that a message
  /// takes, short against the time that other workers would wait for its end.
  private static final long BATCH_MICROS = 300_000;

  /// What `breakpoint()` raises where there is nobody to talk to.
  private static final String LEFT_DEBUGGER = "bdb.BdbQuit";

  private final HostSession session;
  private final DecisionExecutor executor;
  private final CrashHandler crashHandler;
  private final Interruption interruption;
  private final TimeLimits limits;
  private final MemoryWatch watch;
  private final Guard guard;
  private final LinkedBlockingQueue<Signal> queue = new LinkedBlockingQueue<>();
  private Instant nextLook = Instant.EPOCH;
  private Instant lastTold = Instant.EPOCH;

  Dispatcher(HostSession session, MemoryWatch watch, Guard guard) {
    this.session = session;
    this.watch = watch;
    this.guard = guard;
    this.executor = new DecisionExecutor(session);
    this.limits = new TimeLimits(session);
    this.crashHandler = new CrashHandler(session, executor, guard);
    this.interruption = new Interruption(session, executor);
  }

  /// Ask the run to stop, from any thread: running tests finish the first time, are killed the
  /// second.
  void interrupt() {
    queue.add(new Signal.Interrupt());
  }

  /// Run to the end.
  RunState run() throws InterruptedException {
    session.host().listen(message -> queue.add(new Signal.Message(message)));
    Rehearsal.play();
    while (!session.state.exited) {
      Signal signal = session.clock.next(queue, untilLook());
      if (signal != null) {
        take(signal);
      }
      interruption.tellHost();
      look();
    }
    return session.state;
  }

  List<TestResult> outcomes() {
    var all = new ArrayList<>(session.tests.done());
    if (session.isCollected()) {
      all.addAll(session.tests.uncollected());
      String reason = session.state.notRunReason();
      session.workers.values().stream()
          .filter(worker -> worker.running() >= 0 && !session.results().has(worker.running()))
          .forEach(worker ->
              session.results().cutOff(worker.running(), worker.name(), worker.since, reason));
      all.addAll(session.results().all(reason));
    }
    return all;
  }

  private void take(Signal signal) {
    switch (signal) {
      case Signal.Message message -> take(message.message());
      case Signal.Interrupt interrupt -> interruption.asked();
    }
  }

  private void take(HostMessage message) {
    switch (message) {
      case HostMessage.Hello hello -> greet(hello);
      case HostMessage.Items items -> session.tests.add(items.items());
      case HostMessage.Uncollected uncollected -> session.tests.add(uncollected);
      case HostMessage.Collected collected -> begin(collected);
      case HostMessage.Worker ready -> ready(ready);
      case HostMessage.Started begun -> begun(begun);
      case HostMessage.Done done -> done(done);
      case HostMessage.Late late -> late(late);
      case HostMessage.Dropped dropped -> dropped(dropped);
      case HostMessage.Gone gone -> crashHandler.gone(gone);
      case HostMessage.Stuck stuck -> stuck(stuck);
      case HostMessage.Stop stop -> interruption.hostStops(stop.reason());
      case HostMessage.Note note -> session.note(note.warning(), note.text());
      case HostMessage.UnitError error -> differs(error);
      case HostMessage.Bye bye -> ended(bye);
      case HostMessage.Output output -> printed(output.text());
      case HostMessage.Exited exited -> exited(exited.status());
    }
  }

  private void ended(HostMessage.Bye bye) {
    session.state.status = bye.exitStatus();
    session.state.statusIsChosen = bye.chosen();
  }

  private void printed(String text) {
    if (session.state.hello == null && !text.isBlank()) {
      session.state.lastLine = text.stripTrailing().lines().toList().getLast().strip();
    }
    session.emit(new RunEvent.Output(session.now(), text));
  }

  private void greet(HostMessage.Hello hello) {
    session.state.hello = hello;
    if (session.state.interrupts > 0) {
      session.host().abort("interrupted by the user");
    }
    if (session.isFirstOfSeveral() && !hello.reports().isEmpty()) {
      session.note(
          true,
          "%s will hold the last group only, since pytest-xdist has a session for each; `--junit FILE` holds all, and so does `--mode packed`"
              .formatted(String.join(", ", hello.reports())));
    }
    if (session.request.engine().equals("xdist") && hello.xdist().isEmpty()) {
      session.state.refused = FatalRunError.noXdist(session.request.python());
      session.host().abort("pytest-xdist is missing");
    }
  }

  private void begin(HostMessage.Collected collected) {
    session.tests.close(
        Objects.requireNonNull(session.state.hello, "hello comes first").rootdir(),
        collected.marks(),
        session.plan.isolate() == Isolation.FILE
            ? Cohesion.FILE
            : Cohesion.ofDist(collected.dist()));
    session.collected();
    session.state.collected = session.tests.size();
    session.journal.collected(session.tests.size());
    session.state.engine = collected.engine();
    Stream.of(collected.why(), collected.unusedCount())
        .filter(text -> !text.isEmpty())
        .forEach(text -> session.note(false, text));
    session.tests.strays().ifPresent(text -> session.note(true, text));
    session.tests.farOffDeclarations().forEach(text -> session.note(true, text));
    var oversize = session.tests.oversize();
    if (!oversize.isEmpty()) {
      session.state.refused = FatalRunError.oversize(oversize);
      session.host().abort("a test does not fit the memory budget");
      return;
    }
    int deselected = collected.deselected() + session.tests.leftOut();
    session.emit(
        new RunEvent.Collected(
            session.now(),
            session.tests.size(),
            deselected,
            session.tests.perGroup(),
            session.tests.expectedSeconds(),
            collected.verbose()));
    session.state.collectionFailed = collected.errors() > 0;
    session.state.collectsOnly = collected.collectOnly();
    if (session.isListening() || collected.collectOnly()) {
      return;
    }
    MemoryWatch.Reading reading = watch.read(session.host().pid(), Map.of());
    var order =
        new Scheduler(
            session.tests.candidates(),
            policy(),
            session.plan.orderIn(collected.arranged()),
            reading.headroom(),
            watch);
    executor.begin(order);
  }

  private Policy policy() {
    var caps = session.plan.groups().stream().map(RunPlan.Group::workers).toList();
    return new Policy(
        session.plan.mode(),
        caps,
        session.plan.workers(),
        session.plan.workerBase(),
        session.plan.workerGrowth(),
        session.plan.capacity(),
        BATCH_MICROS,
        session.plan.isolate(),
        session.plan.oversize());
  }

  // ---- messages of a running host

  private void ready(HostMessage.Worker ready) {
    Worker worker = session.workers.computeIfAbsent(ready.worker(), Worker::new);
    worker.pid = ready.pid();
    guard.worker(worker.number, worker.pid);
    session.emit(
        new RunEvent.WorkerStarted(session.now(), WorkerName.of(worker.number), worker.pid));
    executor.tell(new Event.Ready(worker.number));
  }

  private void begun(HostMessage.Started begun) {
    Worker worker = session.workers.get(begun.worker());
    int test = session.tests.test(begun.item());
    if (worker == null || test < 0) {
      return;
    }
    if (session.isListening()) {
      String id = session.tests.item(test).id();
      String group = session.tests.group(test).name();
      session.emit(new RunEvent.TestStarted(begun.at(), id, group, worker.name()));
    } else if (worker.running() == test) {
      worker.since = begun.at();
    }
  }

  private void done(HostMessage.Done done) {
    Worker worker = session.workers.computeIfAbsent(done.worker(), Worker::new);
    int test = session.tests.test(done.item());
    if (session.isListening()) {
      if (!expected(done, test)) {
        return;
      }
      session.results().attempt(test);
    }
    if (worker.running() == test) {
      worker.endedInTime();
    }
    guard.testEnds(worker.number, test).ifPresent(o -> session.outlived(worker, o));
    worker.tests.remove((Integer) test);
    worker.last = test;
    if (done.outcome().isRed() && done.reason().equals(LEFT_DEBUGGER)) {
      session.results().note(test, "a debugger has the terminal only with `-- --pdb`");
    }
    session.finished(session.results().finish(test, worker.name(), done));
    executor.beginNext(worker);
    executor.tell(new Event.Done(worker.number, test));
  }

  /// Whether this is the outcome that a test still lacks. A runner that schedules its own tests may
  /// tell of others: of one that has its outcome from a run before this one, or has reported twice.
  private boolean expected(HostMessage.Done done, int test) {
    boolean again = test >= 0 && session.results().has(test);
    if (again) {
      session.note(
          true,
          "%s reported a second outcome, %s, which does not count. A process that the test forked may have gone on in pytest: let it end with `os._exit`"
              .formatted(
                  session.tests.item(test).id(), done.outcome().name().toLowerCase(Locale.ROOT)));
    }
    return test >= 0 && !again;
  }

  /// A test that can never go on ends now. When its worker is a copy of the host, that may be why:
  /// workers are no copies from now on, and the test runs again in such a one.
  private void stuck(HostMessage.Stuck stuck) {
    Worker worker = session.workers.get(stuck.worker());
    int test = session.tests.test(stuck.item());
    if (worker == null || worker.running() != test || worker.isCondemned()) {
      return;
    }
    if (stuck.forked() && !session.state.spawns) {
      session.state.spawns = true;
      session.host().spawnFromNow();
      session.note(
          true,
          session.tests.item(test).id()
              + " can never go on in a forked worker: it waits for a lock or a thread that the fork"
              + " did not take along. Workers are started as processes of their own from now on;"
              + " with `--engine spawn` they are from the beginning");
    }
    limits.end(
        worker,
        test,
        stuck.forked() ? new KillReason.StuckInFork() : new KillReason.Deadlock(),
        "the test could never go on");
  }

  private void late(HostMessage.Late late) {
    int test = session.tests.test(late.item());
    session.finished(session.results().late(test, late.text()));
  }

  private void dropped(HostMessage.Dropped dropped) {
    var back = dropped.items().stream().map(session.tests::test).toList();
    Worker worker = session.workers.get(dropped.worker());
    if (worker == null) {
      return;
    }
    if (back.contains(worker.running())) {
      session.results().neverBegan(worker.running());
      worker.endedInTime();
    }
    worker.tests.removeAll(back);
    executor.tell(new Event.Dropped(dropped.worker(), back));
  }

  private void differs(HostMessage.UnitError error) {
    if (session.state.broken) {
      return; // one such worker says enough
    }
    session.emit(
        new RunEvent.Note(
            session.now(),
            RunEvent.Level.ERROR,
            "worker "
                + WorkerName.of(error.worker())
                + " collected other tests than the host: "
                + error.text()
                + "\n\n"
                + "hint: sort what parameters are made of (a set has another order in each"
                + " process), or name them with `ids`; with `--engine fork` tests are collected"
                + " only once\n"));
    session.state.broken = true;
    executor.stop("the workers collected different tests");
  }

  private void exited(int status) {
    session.state.exited = true;
    session.state.processStatus = status;
    if (session.state.status < 0
        && session.state.stop.isEmpty()
        && !(status == 0 && session.request.asksForVersion())) {
      boolean refused = session.state.hello == null && status == ExitCode.USAGE.code();
      session.state.stop =
          refused
              ? "pytest did not start; see its output"
              : "pytest exited unexpectedly (" + ExitWords.of(status) + ")";
    }
  }

  // ---- the passing of time

  private Duration untilLook() {
    Instant telling = interruption.tellsHostAt();
    Instant next = telling.isBefore(nextLook) ? telling : nextLook;
    return Duration.between(session.now(), next);
  }

  private void look() {
    Instant now = session.now();
    if (now.isBefore(nextLook) || session.state.exited) {
      return;
    }
    var pids = new HashMap<Integer, Long>();
    for (Worker worker : session.workers.values()) {
      if (worker.pid > 0) {
        pids.put(worker.number, worker.pid);
      }
    }
    MemoryWatch.Reading reading = watch.read(session.host().pid(), pids);
    nextLook = now.plus(reading.nextLook());
    var sizes = new HashMap<String, Bytes>();
    var growth = new HashMap<Integer, Bytes>();
    var kept = new HashMap<Integer, Bytes>();
    reading
        .sizes()
        .forEach((number, size) -> {
          Worker worker = session.worker(number);
          worker.sense(size, reading.own().getOrDefault(number, Bytes.ZERO));
          sizes.put(worker.name(), size);
          growth.put(number, worker.growth());
          kept.put(number, worker.kept());
        });
    if (Duration.between(lastTold, now).compareTo(TELL) >= 0) {
      lastTold = now;
      session.emit(new RunEvent.Sampled(now, reading.snapshot(), sizes));
    }
    executor.tell(
        new Event.Sensed(
            new Memory(reading.headroom(), growth, kept, reading.state(), reading.why())));
    executor.sayWait();
    for (Worker worker : List.copyOf(session.workers.values())) {
      limits.check(worker);
      guard.outlived(worker.number, worker.running()).ifPresent(o -> session.outlived(worker, o));
    }
  }
}
