package dev.plimsoll.run.dispatch;

import dev.plimsoll.engine.ExitWords;
import dev.plimsoll.engine.pytest.HostMessage;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Isolation;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.model.UserError;
import dev.plimsoll.run.guard.Guard;
import dev.plimsoll.run.guard.MemoryWatch;
import dev.plimsoll.run.plan.RunPlan;
import dev.plimsoll.run.plan.ShardChoice;
import dev.plimsoll.schedule.Cohesion;
import dev.plimsoll.schedule.Policy;
import dev.plimsoll.schedule.Scheduler;
import dev.plimsoll.shard.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Carries a run out. One thread owns the schedule's state: it takes what the host, the clock and
/// the user send from one queue, in order, and carries out the scheduler's decisions. Displays and
/// recorders only see the events.
final class Dispatcher {
  /// How often the displays and the recorders hear of memory, however often it is looked at.
  private static final Duration TELL = Duration.ofMillis(100);

  /// How much expected work a worker is given at once: long against the 0.2 ms that a message
  /// takes, short against the time that other workers would wait for its end.
  private static final long BATCH_MICROS = 300_000;

  /// Engines whose tests Plimsoll schedules.
  private static final Set<String> SCHEDULED = Set.of("fork", "spawn");

  private final HostSession session;
  private final Interruption interruption;
  private final MemoryWatch watch;
  private final Guard guard;
  private final LinkedBlockingQueue<Signal> queue = new LinkedBlockingQueue<>();
  private TestDriver driver;

  /// pytest's last word, null before it.
  private HostMessage.@Nullable Bye bye;

  /// Why nothing could run.
  private @Nullable UserError refused;

  /// The last line that pytest's process printed before it could say anything else.
  private String lastLine = "";

  private Instant nextLook = Instant.EPOCH;
  private Instant lastTold = Instant.EPOCH;

  private final Optional<BoardAgent> agent;

  /// @param agent of the board whose tests run, when machines share them
  Dispatcher(HostSession session, MemoryWatch watch, Guard guard, Optional<BoardAgent> agent) {
    this.agent = agent;
    this.session = session;
    this.watch = watch;
    this.guard = guard;
    this.interruption = new Interruption(session);
    this.driver = new ObservedTests(session, guard, interruption);
  }

  /// Ask the run to stop, from any thread: running tests finish the first time, are killed the
  /// second.
  void interrupt() {
    queue.add(new Signal.Interrupt());
  }

  /// Run to the end.
  RunState run() throws InterruptedException {
    session.host().listen(message -> queue.add(new Signal.Message(message)));
    agent.ifPresent(board -> board.listen(answer -> queue.add(new Signal.Answer(answer))));
    while (session.state.end == null) {
      Signal signal = session.clock.next(queue, untilLook());
      if (signal != null) {
        take(signal);
      }
      session.board.ifPresent(BoardTests::tick);
      interruption.tellHost();
      look();
    }
    return session.state;
  }

  List<TestResult> outcomes() {
    var all = new ArrayList<>(session.tests.done());
    all.addAll(session.tests.uncollected()); // -x may end the collection with the first of them
    if (session.isCollected()) {
      String reason = session.state.notRunReason();
      session.workers.values().stream()
          .filter(worker -> worker.running() >= 0 && !session.results().has(worker.running()))
          .forEach(worker ->
              session.results().cutOff(worker.running(), worker.name(), worker.since, reason));
      session.results().all(reason).stream()
          .filter(result -> session.board.map(board -> board.isOwn(result)).orElse(true))
          .forEach(all::add);
    }
    return all;
  }

  private void take(Signal signal) {
    switch (signal) {
      case Signal.Message message -> take(message.message());
      case Signal.Answer answer -> answer.what().run();
      case Signal.Interrupt interrupt -> interruption.asked(driver);
    }
  }

  private void take(HostMessage message) {
    switch (message) {
      case HostMessage.Hello hello -> greet(hello);
      case HostMessage.Items items -> session.tests.add(items.items());
      case HostMessage.Uncollected uncollected -> session.tests.add(uncollected);
      case HostMessage.Collected collected -> begin(collected);
      case HostMessage.Worker ready -> driver.ready(ready);
      case HostMessage.Started begun -> driver.begun(begun);
      case HostMessage.Done done -> driver.done(done);
      case HostMessage.Late late -> late(late);
      case HostMessage.Dropped dropped -> driver.dropped(dropped);
      case HostMessage.Gone gone -> driver.gone(gone);
      case HostMessage.Stuck stuck -> driver.stuck(stuck);
      case HostMessage.Stop stop -> interruption.hostStops(stop.reason(), driver);
      case HostMessage.Note note -> session.note(note.warning(), note.text());
      case HostMessage.UnitError error -> driver.differs(error);
      case HostMessage.Bye said -> ended(said);
      case HostMessage.Output output -> printed(output.text());
      case HostMessage.Exited exited -> exited(exited.status());
    }
  }

  private void ended(HostMessage.Bye said) {
    bye = said;
    if (session.plan.isolate() != Isolation.NONE) {
      session.state.starts.cost().ifPresent(text -> session.note(false, text));
    }
  }

  private void printed(String text) {
    if (session.state.hello == null && !text.isBlank()) {
      lastLine = text.stripTrailing().lines().toList().getLast().strip();
    }
    session.emit(new RunEvent.Output(session.now(), text));
  }

  private void greet(HostMessage.Hello hello) {
    session.state.hello = hello;
    session.tests.rootedIn(hello.rootdir());
    if (session.state.interrupts > 0) {
      session.host().abort("interrupted by the user");
    }
    if (session.isFirstOfSeveral() && !hello.reports().isEmpty()) {
      session.note(
          true,
          "%s will contain only the last group, because each group has its own pytest-xdist session; `--junit FILE` or `--mode packed` contain all"
              .formatted(String.join(", ", hello.reports())));
    }
    if (session.request.engine().equals("xdist") && hello.xdist().isEmpty()) {
      refused = FatalRunError.noXdist(session.request.python().executable());
      session.host().abort("pytest-xdist is missing");
    }
  }

  private void begin(HostMessage.Collected collected) {
    HostMessage.Hello hello = Objects.requireNonNull(session.state.hello, "hello comes first");
    Manifest manifest =
        session.tests.close(
            collected.marks(),
            session.plan.isolate() == Isolation.FILE
                ? Cohesion.FILE
                : Cohesion.ofDist(collected.dist()));
    session.collected();
    session.knowTooLarge();
    session.state.collected = session.tests.size();
    session.journal.collected(session.tests.size());
    session.plan.shard().ifPresent(shard -> inShard(shard, collected, hello, manifest));
    if (agent.isPresent() && !SCHEDULED.contains(collected.engine())) {
      refuse(FatalRunError.notInShards(collected.engine()));
    }
    if (refused != null) {
      return;
    }
    session.state.engine = collected.engine();
    Stream.of(collected.why(), collected.unusedCount())
        .filter(text -> !text.isEmpty())
        .forEach(text -> session.note(false, text));
    session.state.unlisted = session.tests.unlisted();
    session.tests.missingFromSequence().ifPresent(text -> session.note(true, text));
    session.tests.strays().ifPresent(text -> session.note(true, text));
    session.tests.farOffDeclarations().forEach(text -> session.note(true, text));
    var oversize = agent.isPresent() ? List.<String>of() : session.tests.oversize();
    if (!oversize.isEmpty()) {
      refused = FatalRunError.oversize(oversize);
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
    if (SCHEDULED.contains(collected.engine()) && !collected.collectOnly()) {
      schedule(collected.arranged(), manifest, hello.environment());
    }
  }

  /// The run has the tests of one shard; its record has all.
  private void inShard(
      ShardChoice shard,
      HostMessage.Collected collected,
      HostMessage.Hello hello,
      Manifest manifest) {
    if (!SCHEDULED.contains(collected.engine())) {
      refused = FatalRunError.notInShards(collected.engine());
      session.host().abort("a shard needs another engine");
      return;
    }
    session.journal.manifest(hello.environment(), manifest);
    session.state.sharded = !manifest.tests().isEmpty();
    session.note(
        false,
        "shard %s: %d of %d tests"
            .formatted(shard.name(), session.tests.size(), manifest.tests().size()));
  }

  /// The tests are given to workers from now on. Ctrl-C may have come while they were collected.
  private void schedule(boolean arranged, Manifest manifest, Map<String, String> environment) {
    if (!session.state.stop.isEmpty()) {
      session.host().abort("interrupted by the user");
      return;
    }
    MemoryWatch.Reading reading = watch.read(session.host().pid(), Map.of());
    Bytes held = reading.snapshot().used();
    Optional<Bytes> asked = session.plan.asked().filter(size -> size.compareTo(held) < 0);
    if (asked.isPresent()) {
      refuse(FatalRunError.budgetBelowPytest(asked.get(), held));
      return;
    }
    var scheduled = new ScheduledTests(session, guard);
    driver = scheduled;
    var candidates = session.tests.candidates();
    var order = session.plan.orderIn(arranged);
    if (agent.isEmpty()) {
      scheduled.begin(new Scheduler(candidates, policy(), order, reading.headroom(), watch));
      return;
    }
    session.state.sharded = true;
    scheduled.begin(Scheduler.ofShared(candidates, policy(), order, reading.headroom(), watch));
    scheduled.share(agent.get(), this::refuse).open(manifest, environment);
  }

  /// This machine cannot take part in the run.
  private void refuse(UserError error) {
    refused = error;
    session.host().abort(error.what());
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
        session.plan.oversize(),
        session.plan.groups().stream().map(RunPlan.Group::cores).toList());
  }

  private void late(HostMessage.Late late) {
    int test = session.tests.test(late.item());
    session.results().late(test, late.text()).ifPresent(session::finished);
  }

  private void exited(int status) {
    SessionEnd end = endOf(status);
    session.state.end = end;
    boolean answered = status == 0 && session.request.asksForVersion();
    if (!(end instanceof SessionEnd.Finished) && session.state.stop.isEmpty() && !answered) {
      boolean wrongUse = session.state.hello == null && status == ExitCode.USAGE.code();
      session.state.stop =
          wrongUse
              ? "pytest did not start; see its output"
              : "pytest exited unexpectedly (" + ExitWords.of(status) + ")";
    }
  }

  private SessionEnd endOf(int status) {
    if (refused != null) {
      return new SessionEnd.Refused(refused);
    }
    if (session.isBroken()) {
      return new SessionEnd.Died();
    }
    if (bye != null) {
      return new SessionEnd.Finished(bye.exitStatus(), bye.chosen(), bye.also());
    }
    return session.state.hello == null && session.state.interrupts == 0
        ? new SessionEnd.NeverBegan(status, lastLine)
        : new SessionEnd.Died();
  }

  // ---- the passing of time

  private Duration untilLook() {
    Instant telling = interruption.tellsHostAt();
    Instant next = telling.isBefore(nextLook) ? telling : nextLook;
    return Duration.between(session.now(), next);
  }

  private void look() {
    Instant now = session.now();
    if (now.isBefore(nextLook) || session.state.end != null) {
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
    reading
        .sizes()
        .forEach((number, size) -> {
          Worker worker = session.worker(number);
          worker.sense(size, reading.own().getOrDefault(number, Bytes.ZERO));
          sizes.put(worker.name(), size);
        });
    if (Duration.between(lastTold, now).compareTo(TELL) >= 0) {
      lastTold = now;
      session.emit(new RunEvent.Sampled(now, reading.snapshot(), sizes));
    }
    driver.looked(reading);
  }
}
