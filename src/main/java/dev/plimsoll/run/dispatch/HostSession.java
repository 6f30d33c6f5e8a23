package dev.plimsoll.run.dispatch;

import dev.plimsoll.engine.pytest.Host;
import dev.plimsoll.engine.pytest.HostRequest;
import dev.plimsoll.engine.pytest.WorkerName;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.run.guard.Guard;
import dev.plimsoll.run.journal.Journal;
import dev.plimsoll.run.plan.RunPlan;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One pytest session as the dispatcher's thread knows it: the host, the tests and their results,
/// the workers.
final class HostSession {
  final RunPlan plan;
  final HostRequest request;
  final Tests tests;
  final RunState state = new RunState();
  final Map<Integer, Worker> workers = new TreeMap<>();
  final Journal journal;
  private final Consumer<RunEvent> events;
  final RunClock clock;
  private final Host host;
  private @Nullable Results results;

  HostSession(
      RunPlan plan,
      HostRequest request,
      Host host,
      Journal journal,
      Consumer<RunEvent> events,
      RunClock clock) {
    this.plan = plan;
    this.request = request;
    this.host = host;
    this.tests = new Tests(plan);
    this.journal = journal;
    this.events = events;
    this.clock = clock;
  }

  Host host() {
    return host;
  }

  /// The tests are known: each gets a place for its result.
  void collected() {
    results = new Results(tests);
  }

  boolean isCollected() {
    return results != null;
  }

  Results results() {
    return Objects.requireNonNull(results, "results exist after the collection");
  }

  /// Whether the host schedules its own tests and Plimsoll only listens.
  boolean isListening() {
    return !state.engine.equals("fork") && !state.engine.equals("spawn");
  }

  boolean isFirstOfSeveral() {
    return plan.parts().size() > 1 && plan.parts().getFirst().host().equals(request);
  }

  Worker worker(int number) {
    Worker worker = workers.get(number);
    if (worker == null) {
      throw new IllegalStateException("no worker " + WorkerName.of(number));
    }
    return worker;
  }

  Instant now() {
    return clock.instant();
  }

  /// Keep a test's result and show it.
  void finished(TestResult result) {
    journal.ended(result);
    emit(new RunEvent.TestFinished(now(), result));
  }

  /// A test's child was killed for memory: the test may well pass, but the user should know.
  void outlived(Worker worker, Guard.Outlived outlived) {
    String text =
        "the kernel killed "
            + outlived.kills()
            + " of the processes that it had started, for memory";
    int test = outlived.test();
    String id = test == Guard.Outlived.NO_TEST ? worker.name() : tests.item(test).id();
    note(true, id + ": " + text);
    state.evidence.add(id + ": " + text + " (the counter of its control group)");
    if (test != Guard.Outlived.NO_TEST) {
      results().note(test, text);
    }
  }

  void note(boolean warning, String text) {
    emit(new RunEvent.Note(now(), warning ? RunEvent.Level.WARNING : RunEvent.Level.INFO, text));
  }

  void emit(RunEvent event) {
    events.accept(event);
  }

  /// What an interrupted run still waits for.
  String whatMayFinish() {
    long busy = workers.values().stream().filter(worker -> worker.running() >= 0).count();
    return switch ((int) busy) {
      case 0 -> "no test is running; Ctrl-C again ends at once";
      case 1 -> "the running test may finish; Ctrl-C again kills it, SIGTERM does so after a while";
      default ->
          busy
              + " running tests may finish; Ctrl-C again kills them, SIGTERM does so after a while";
    };
  }
}
