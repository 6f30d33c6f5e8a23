package dev.plimsoll.run.chain;

import dev.plimsoll.engine.MemoryObserver;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.MemorySnapshot;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunEvent.Level;
import dev.plimsoll.model.Shortage;
import dev.plimsoll.process.Signals;
import dev.plimsoll.process.SteadyClock;
import dev.plimsoll.report.ShortageText;
import dev.plimsoll.run.guard.MemoryWatch;
import dev.plimsoll.run.guard.SystemMemory;
import dev.plimsoll.schedule.Memory;
import dev.plimsoll.stages.Relief;
import dev.plimsoll.verdict.KillReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Watches the memory of a stage that runs: of its runner, its workers with their browsers and the
/// server under test, each apart; tells it as events, and gives up a worker before the machine is
/// out of memory.
///
/// Memory is looked at ten times a second, and sooner the less is left (see {@link
/// dev.plimsoll.schedule.budget.Pressure}); who belongs to which worker twice a second.
final class StageWatch implements MemoryObserver, AutoCloseable {
  /// The number that distinguishes the server under test from the workers.
  private static final int SERVER = -1;

  private static final Duration RENEW = Duration.ofMillis(500);

  private final SystemMemory memory;
  private final StageGuard guard;
  private final TestNotes tests;
  private final Bytes limit;
  private final OptionalLong server;
  private final Consumer<RunEvent> events;
  private final WorkerTrees trees = new WorkerTrees();
  private final Relief relief = new Relief(trees::isAlive);
  private final CountDownLatch end = new CountDownLatch(1);
  private final Thread thread;
  private Map<Integer, WorkerTrees.Tree> workers = Map.of();
  private Map<Integer, Bytes> held = Map.of();
  private Instant renewed = Instant.EPOCH;
  private Peaks peaks = new Peaks(Bytes.ZERO, Bytes.ZERO, PeakSource.NONE);
  private long runner;
  private boolean alone;

  /// The highest figures of the stage and of the server under test.
  record Peaks(Bytes stage, Bytes server, PeakSource source) {}

  /// @param limit the most that one worker may hold with its browsers
  /// @param server process of the server under test, when it was started here
  StageWatch(
      SystemMemory memory,
      StageGuard guard,
      Bytes limit,
      OptionalLong server,
      Consumer<RunEvent> events) {
    this.memory = memory;
    this.guard = guard;
    this.tests = new TestNotes(guard, memory::aroundDeath);
    this.server = server;
    this.events = events;
    this.limit = limit;
    thread = Thread.ofPlatform().name("stage-watch").daemon().start(this::watch);
  }

  /// A runner has started.
  ///
  /// @param one whether it runs, one at a time, tests that died beside others
  synchronized void runner(long pid, boolean one) {
    runner = pid;
    alone = one;
    guard.runner(pid, memory.most());
  }

  /// A test has started in a worker.
  synchronized void began(String worker, String test) {
    tests.began(slot(worker), test);
    renewed = Instant.EPOCH;
  }

  @Override
  public synchronized Held held(String test) {
    return tests.held(test, peaks.source());
  }

  @Override
  public synchronized Finding examine(String worker, String test, Death death) {
    return tests.examine(slot(worker), test, death);
  }

  synchronized Peaks peaks() {
    return peaks;
  }

  /// The highest use of the whole machine's memory.
  synchronized Bytes machinePeak() {
    return memory.peak().machine();
  }

  /// Facts about deaths for which memory was, or may have been, the reason.
  synchronized List<String> evidence() {
    return tests.evidence();
  }

  private void watch() {
    try {
      Duration next = Duration.ZERO;
      while (!end.await(next.toMillis(), TimeUnit.MILLISECONDS)) {
        next = look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Duration look() {
    Instant now = SteadyClock.now();
    boolean renew = Duration.between(renewed, now).compareTo(RENEW) >= 0;
    if (renew) {
      renew(now);
    }
    MemoryWatch.Reading reading = memory.read(roots(), numbered());
    record(reading);
    if (renew) {
      tell(reading.snapshot());
    }
    if (reading.state() == Memory.State.CRITICAL) {
      relieve(reading.why().orElseThrow(), now);
    }
    return reading.nextLook();
  }

  /// See who belongs to which worker; again at the next look while a worker grows.
  private void renew(Instant now) {
    if (runner > 0) {
      workers = trees.below(runner);
      renewed = guard.workers(workers, limit) ? Instant.EPOCH : now;
    }
  }

  private List<Long> roots() {
    var roots = new ArrayList<Long>();
    if (runner > 0) {
      roots.add(runner);
    }
    server.ifPresent(roots::add);
    return roots;
  }

  private Map<Integer, Long> numbered() {
    var roots = new HashMap<Integer, Long>();
    workers.forEach((slot, tree) -> roots.put(slot, tree.root().pid()));
    server.ifPresent(pid -> roots.put(SERVER, pid));
    return roots;
  }

  private void record(MemoryWatch.Reading reading) {
    Bytes served = sizes(reading.sizes());
    MemorySnapshot now = reading.snapshot();
    Bytes own = now.used().minus(served).max(Bytes.ZERO);
    PeakSource source = now.source() == PeakSource.NONE ? peaks.source() : now.source();
    peaks = new Peaks(peaks.stage().max(own), peaks.server().max(served), source);
    tests.saw(workers, held);
  }

  /// Remember what the workers hold, and tell what the server does.
  private Bytes sizes(Map<Integer, Bytes> all) {
    var sizes = new HashMap<>(all);
    Bytes served = Optional.ofNullable(sizes.remove(SERVER)).orElse(Bytes.ZERO);
    held = Map.copyOf(sizes);
    return served;
  }

  private void tell(MemorySnapshot snapshot) {
    var named = new HashMap<String, Bytes>();
    held.forEach((slot, size) -> named.put("pw" + slot, size));
    events.accept(new RunEvent.Sampled(snapshot.at(), snapshot, named));
  }

  /// Give up the worker that holds the most; one at a time. The browser that grows may have begun a
  /// moment ago: whose it is, and what the workers hold, is looked at anew.
  private void relieve(Shortage why, Instant now) {
    if (relief.isComing(now)) {
      return;
    }
    renew(now);
    sizes(memory.sizes(numbered()));
    Relief.victim(held)
        .ifPresent(slot -> {
          WorkerTrees.Tree tree = workers.get(slot);
          if (tree != null) {
            tests.killed(
                slot, alone ? new KillReason.Oversize(why) : new KillReason.Preemption(why));
            relief.givenUp(tree.members(), now);
            warn(
                "%s: killed worker pw%d with its browser, which held %s"
                    .formatted(ShortageText.of(why), slot, held.get(slot)));
            tree.members().forEach(Signals::kill);
          }
        });
  }

  private void warn(String text) {
    events.accept(new RunEvent.Note(SteadyClock.now(), Level.WARNING, text));
  }

  private static int slot(String worker) {
    return worker.startsWith("pw") ? Integer.parseInt(worker.substring(2)) : SERVER;
  }

  @Override
  public void close() {
    end.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    guard.close();
    memory.close();
  }
}
