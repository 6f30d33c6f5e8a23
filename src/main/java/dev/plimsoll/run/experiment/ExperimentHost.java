package dev.plimsoll.run.experiment;

import dev.plimsoll.engine.pytest.Host;
import dev.plimsoll.engine.pytest.HostMessage;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import dev.plimsoll.report.ShortageText;
import dev.plimsoll.run.dispatch.RunClock;
import dev.plimsoll.run.dispatch.Tests;
import dev.plimsoll.run.guard.Guard;
import dev.plimsoll.run.guard.MemoryWatch;
import dev.plimsoll.run.plan.RunPlan;
import dev.plimsoll.schedule.Cohesion;
import dev.plimsoll.schedule.Memory;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/// A pytest session that collects once and then sends tests to workers on request, each list of
/// tests in a fresh process. One thread uses it.
public final class ExperimentHost implements AutoCloseable {
  /// How much of what pytest printed is kept for an error message, in characters.
  private static final int SAID = 8_000;

  /// How long the session may take to end.
  private static final Duration FAREWELL = Duration.ofSeconds(20);

  /// How often it is asked whether the session has ended.
  private static final Duration LOOK = Duration.ofMillis(100);

  private final MemoryWatch watch;
  private final Guard guard;
  private final RunClock clock;
  private final Consumer<String> warning;
  private final LinkedBlockingQueue<HostMessage> queue = new LinkedBlockingQueue<>();
  private final Map<Integer, Long> pids = new HashMap<>();
  private final StringBuilder said = new StringBuilder();
  private final Host host;
  private final Tests tests;
  private Instant nextLook = Instant.EPOCH;
  private boolean gone;

  private ExperimentHost(
      RunPlan plan,
      Host host,
      MemoryWatch watch,
      Guard guard,
      RunClock clock,
      Consumer<String> warning) {
    this.watch = watch;
    this.guard = guard;
    this.clock = clock;
    this.warning = warning;
    this.tests = new Tests(plan);
    this.host = host;
    host.listen(queue::add);
  }

  /// Wait until a session has collected; it is closed with the result, also when that fails.
  ///
  /// @throws UserError when it does not come to that
  public static ExperimentHost open(
      RunPlan plan,
      Host session,
      MemoryWatch watch,
      Guard guard,
      RunClock clock,
      Consumer<String> warning)
      throws InterruptedException {
    var host = new ExperimentHost(plan, session, watch, guard, clock, warning);
    boolean ready = false;
    try {
      host.collect();
      ready = true;
      return host;
    } finally {
      if (!ready) {
        host.host.close();
      }
    }
  }

  private void collect() throws InterruptedException {
    while (true) {
      switch (next(Duration.ofSeconds(1)).orElse(null)) {
        case HostMessage.Hello hello -> tests.rootedIn(hello.rootdir());
        case HostMessage.Items items -> tests.add(items.items());
        case HostMessage.Collected collected -> {
          if (collected.errors() > 0) {
            throw failed("the collection failed", ExitCode.INTERRUPTED);
          }
          if (!collected.why().isEmpty()) {
            warning.accept(collected.why());
          }
          tests.close(collected.marks(), Cohesion.FIXTURES);
          return;
        }
        case null, default -> {}
      }
    }
  }

  Tests tests() {
    return tests;
  }

  Instant now() {
    return clock.instant();
  }

  /// Start a worker, a fresh process; it says when it is ready.
  ///
  /// @param count how many workers there are
  void start(int worker, int count) {
    host.startWorker(worker, count, true);
  }

  /// Give a worker its tests, after which it ends.
  ///
  /// @param items the scheduler's numbers, in order
  void give(int worker, List<Integer> items) {
    if (!items.isEmpty()) {
      host.run(worker, items.stream().map(test -> tests.item(test).index()).toList(), List.of());
    }
    host.retire(worker);
  }

  /// Have a worker end after the test it runs.
  void drop(int worker) {
    host.drop(worker);
  }

  /// End a worker at once, whatever it runs; the host reports its death.
  void kill(int worker) {
    Optional.ofNullable(pids.get(worker)).ifPresent(host::killNow);
  }

  /// Why a worker died.
  String why(HostMessage.Gone dead, Guard.Victim victim) {
    return guard.judge(dead, victim).what();
  }

  /// The next thing the host says, if it says something in this time.
  Optional<HostMessage> next(Duration most) throws InterruptedException {
    look();
    Duration untilLook = Duration.between(now(), nextLook);
    HostMessage message = clock.next(queue, most.compareTo(untilLook) < 0 ? most : untilLook);
    switch (message) {
      case HostMessage.Output output -> keep(output.text());
      case HostMessage.Note note -> {
        if (note.warning()) {
          warning.accept(note.text());
        }
      }
      case HostMessage.Worker ready -> {
        pids.put(ready.worker(), ready.pid());
        guard.worker(ready.worker(), ready.pid());
      }
      case HostMessage.Gone dead -> {
        pids.remove(dead.worker());
        if (dead.expected()) {
          guard.ended(dead.worker());
        }
      }
      case HostMessage.UnitError error -> throw failed(error.text(), ExitCode.ENGINE);
      case HostMessage.Stop stop ->
          throw failed("pytest wants no further tests: " + stop.reason(), ExitCode.ENGINE);
      case HostMessage.Exited exited -> {
        gone = true;
        throw failed("pytest exited with status " + exited.status(), ExitCode.ENGINE);
      }
      case null, default -> {}
    }
    return Optional.ofNullable(message);
  }

  private void look() {
    Instant now = now();
    if (now.isBefore(nextLook)) {
      return;
    }
    MemoryWatch.Reading reading = watch.read(host.pid(), Map.copyOf(pids));
    nextLook = now.plus(reading.nextLook());
    if (reading.state() == Memory.State.CRITICAL) {
      throw new UserError(
          "the tests do not fit into memory together",
          ShortageText.of(reading.why().orElseThrow()),
          "use fewer workers with `--workers`, or name the files to search",
          ExitCode.MEMORY);
    }
  }

  private void keep(String text) {
    said.append(text);
    said.delete(0, Math.max(0, said.length() - SAID));
  }

  private UserError failed(String what, ExitCode code) {
    return new UserError(
        "cannot run experiments: " + what,
        said.toString().strip(),
        "run the same tests with `plimsoll run` for details",
        code);
  }

  /// End the session in order, so that the project's own hooks for its end run; what does not end
  /// is killed.
  @Override
  public void close() {
    host.finish();
    Instant end = now().plus(FAREWELL);
    try {
      while (!gone && now().isBefore(end)) {
        HostMessage message = clock.next(queue, LOOK);
        gone = message instanceof HostMessage.Exited;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    host.close();
  }
}
