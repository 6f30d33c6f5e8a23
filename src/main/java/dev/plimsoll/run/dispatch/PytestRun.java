package dev.plimsoll.run.dispatch;

import dev.plimsoll.board.Board;
import dev.plimsoll.board.BoardExit;
import dev.plimsoll.engine.pytest.Host;
import dev.plimsoll.engine.pytest.HostRequest;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.model.UserError;
import dev.plimsoll.run.guard.Guard;
import dev.plimsoll.run.guard.MemoryWatch;
import dev.plimsoll.run.journal.Journal;
import dev.plimsoll.run.plan.RunPlan;
import dev.plimsoll.run.plan.WorkerCount;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Runs one pytest suite from start to summary, in one session or one for each group.
public final class PytestRun {
  private final RunPlan plan;
  private final MemoryWatch watch;
  private final Guard guard;
  private final HostSessions sessions;
  private final Journal journal;
  private final Consumer<RunEvent> events;
  private final RunClock clock;
  private final List<RunState> states = new ArrayList<>();
  private final List<TestResult> results = new ArrayList<>();
  private volatile @Nullable Dispatcher dispatcher;
  private volatile boolean interrupted;
  private Optional<BoardAgent> board = Optional.empty();
  private Optional<BoardTests> shared = Optional.empty();

  public PytestRun(
      RunPlan plan,
      MemoryWatch watch,
      Guard guard,
      HostSessions sessions,
      Journal journal,
      Consumer<RunEvent> events,
      RunClock clock) {
    this.plan = plan;
    this.watch = watch;
    this.guard = guard;
    this.sessions = sessions;
    this.journal = journal;
    this.events = events;
    this.clock = clock;
  }

  /// Take the tests from a board that several machines share.
  public void share(BoardAgent agent) {
    board = Optional.of(agent);
  }

  /// The user pressed Ctrl-C: running tests finish the first time, are killed the second. A
  /// debugger has the terminal, and hears it itself. From any thread.
  public void interrupt() {
    if (!plan.parts().getFirst().host().isInteractive()) {
      end();
    }
  }

  /// The same for a signal that ends the whole program.
  public void end() {
    interrupted = true;
    Dispatcher current = dispatcher;
    if (current != null) {
      current.interrupt();
    }
  }

  /// Run to the end and answer the summary.
  ///
  /// @throws UserError when no test could run: no pytest, or tests that cannot fit
  public RunSummary run() throws InterruptedException {
    Instant start = clock.instant();
    Bytes swapBefore = watch.after().swapUsed();
    Bytes budget = watch.read(0, Map.of()).snapshot().budget();
    String mode = plan.mode().word();
    events.accept(
        new RunEvent.Started(
            start, plan.id(), plan.engine(), mode, plan.machine(), budget, plan.containment()));
    tellPython();
    tellWorkers();
    for (RunPlan.Part part : plan.parts()) {
      if (!isOver()) {
        runSession(part.host());
      }
    }
    String stop = stop();
    MemoryWatch.Peak peak = watch.peak();
    RunSummary own =
        new RunSummary(
                plan.id(),
                plan.command(),
                engine(),
                mode,
                workers(),
                plan.machine(),
                start,
                Duration.between(start, clock.instant()),
                results,
                peak.tree(),
                peak.source(),
                peak.machine(),
                budget,
                swapBefore,
                watch.after(),
                states.stream().flatMap(state -> state.evidence.stream()).toList(),
                stop,
                exitCode())
            .withAlso(also())
            .withUnlisted(states.stream().flatMap(state -> state.unlisted.stream()).toList());
    RunSummary summary = withVerdict(own);
    if (states.stream().noneMatch(PytestRun::hostDied)) {
      // A run whose host died can be resumed, like one that died itself.
      plan.shard().ifPresent(_ -> journal.summary(summary));
      journal.finished(summary.exitCode());
    }
    events.accept(new RunEvent.Finished(clock.instant(), summary));
    return summary;
  }

  /// On a board the exit code is that of the whole run.
  private RunSummary withVerdict(RunSummary own) throws InterruptedException {
    if (shared.isEmpty()) {
      return own; // there is no board, or nothing was collected and the exit code says so
    }
    Board.Verdict verdict = shared.get().leave(own, interrupted);
    return own.withExitCode(BoardExit.of(own.exitCode(), verdict));
  }

  /// Whether no further session starts: the user or pytest (`-x`) wants no further tests. One that
  /// died takes the others not along.
  private boolean isOver() {
    return interrupted
        || states.stream().anyMatch(state -> !state.stop.isEmpty() && !hostDied(state));
  }

  /// Why the run ended before its end, with the groups that did not get their turn; their tests are
  /// not known. Empty when it did not, also when a limit was reached by its last test.
  private String stop() {
    var left =
        plan.parts().subList(states.size(), plan.parts().size()).stream()
            .map(RunPlan.Part::group)
            .filter(group -> !group.isEmpty())
            .toList();
    if (left.isEmpty() && exitCode() == ExitCode.TESTS_FAILED.code() && !lacksResults()) {
      return "";
    }
    String why =
        states.stream()
            .map(state -> state.stop)
            .filter(stop -> !stop.isEmpty())
            .findFirst()
            .orElse(interrupted ? "interrupted" : "");
    return left.isEmpty() ? why : why + "; did not start: " + String.join(", ", left);
  }

  /// What the sessions counted beside the outcomes, together.
  private Map<String, Integer> also() {
    var also = new TreeMap<String, Integer>();
    for (RunState state : states) {
      if (state.end instanceof SessionEnd.Finished finished) {
        finished.also().forEach((word, count) -> also.merge(word, count, Integer::sum));
      }
    }
    return also;
  }

  private void tellPython() {
    String python = plan.python().words();
    if (!python.isEmpty()) {
      events.accept(new RunEvent.Note(clock.instant(), RunEvent.Level.INFO, python));
    }
  }

  private void tellWorkers() {
    var counts = new LinkedHashMap<String, WorkerCount>();
    plan.groups().stream()
        .filter(group -> plan.groupOf().runs(group.name()))
        .forEach(group -> counts.put(group.name(), group.count()));
    WorkerCount.notes(counts, clock.instant()).forEach(events);
  }

  private void runSession(HostRequest request) throws InterruptedException {
    try (Host host = sessions.open(request)) {
      var session = new HostSession(plan, request, host, journal, events, clock);
      var current = new Dispatcher(session, watch, guard, board);
      dispatcher = current;
      RunState state = current.run();
      refuse(state, request);
      states.add(state);
      results.addAll(current.outcomes());
      shared = session.board;
    }
  }

  /// What made the run impossible, as an error for the user.
  private void refuse(RunState state, HostRequest request) {
    switch (endOf(state)) {
      case SessionEnd.Refused(UserError error) -> throw error;
      case SessionEnd.NeverBegan(int status, String lastLine) -> {
        boolean answered = status == 0 && request.asksForVersion();
        if (status != ExitCode.USAGE.code() && !answered) {
          sessions.check(plan.python(), request.folder());
          throw FatalRunError.noPytest(status, lastLine);
        }
      }
      case SessionEnd.Finished _, SessionEnd.Died _ -> {}
    }
  }

  private static SessionEnd endOf(RunState state) {
    return Objects.requireNonNull(state.end, "the session has ended");
  }

  private String engine() {
    return states.stream()
        .map(state -> state.engine)
        .filter(e -> !e.isEmpty())
        .findFirst()
        .orElse(plan.engine());
  }

  private Map<String, Integer> workers() {
    var workers = new LinkedHashMap<String, Integer>();
    for (RunPlan.Group group : plan.groups()) {
      if (results.stream().anyMatch(result -> result.group().equals(group.name()))) {
        workers.put(group.name(), Math.min(group.workers(), plan.workers()));
      }
    }
    return workers;
  }

  /// pytest's own status (of several sessions the first that is not green; one without tests counts
  /// only when all are), made red where we know more: a crash that pytest did not see, or a test
  /// without an outcome. A status that a hook of the project chose stands.
  private int exitCode() {
    int status =
        states.stream()
            .mapToInt(PytestRun::statusOf)
            .reduce(ExitCode.NO_TESTS.code(), PytestRun::worse);
    boolean red = results.stream().anyMatch(result -> result.outcome().isRed());
    boolean none =
        results.isEmpty()
            && states.stream().anyMatch(state -> state.collected == 0 && !state.sharded);
    boolean missing = states.stream().noneMatch(state -> state.collectsOnly) && lacksResults();
    boolean nothing = states.isEmpty() && interrupted;
    if (nothing || (status == 0 && states.stream().anyMatch(state -> state.interrupts > 0))) {
      return ExitCode.INTERRUPTED.code();
    }
    boolean chosen = states.stream().anyMatch(PytestRun::isChosen);
    if (status == 0 && none && !chosen) {
      return ExitCode.NO_TESTS.code();
    }
    if (status == 0 && red && !chosen) {
      return ExitCode.TESTS_FAILED.code();
    }
    boolean flaky = results.stream().anyMatch(TestResult::isFlaky);
    if (status == 0 && flaky && plan.retry().failOnFlaky()) {
      return ExitCode.TESTS_FAILED.code();
    }
    boolean stopped = states.stream().anyMatch(state -> !state.stop.isEmpty());
    return status == 0 && missing && !(chosen && stopped) ? ExitCode.INCOMPLETE.code() : status;
  }

  private boolean lacksResults() {
    return results.stream().anyMatch(result -> result.outcome() == Outcome.NOT_RUN);
  }

  private static int statusOf(RunState state) {
    return switch (endOf(state)) {
      case SessionEnd.Finished(int status, _, _) -> status;
      case SessionEnd.NeverBegan(int status, String _) -> status;
      // A signal to all processes of a job ends the host too.
      case SessionEnd.Died() ->
          (state.interrupts > 0 ? ExitCode.INTERRUPTED : ExitCode.ENGINE).code();
      case SessionEnd.Refused(UserError error) -> error.exitCode().code();
    };
  }

  private static boolean hostDied(RunState state) {
    return state.end instanceof SessionEnd.Died;
  }

  private static boolean isChosen(RunState state) {
    return state.end instanceof SessionEnd.Finished(_, boolean chosen, _) && chosen;
  }

  private static int worse(int one, int other) {
    boolean empty = one == ExitCode.NO_TESTS.code();
    return empty || (one == 0 && other != ExitCode.NO_TESTS.code()) ? other : one;
  }
}
