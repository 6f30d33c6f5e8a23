package dev.plimsoll.run.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.engine.pytest.ChosenPython;
import dev.plimsoll.engine.pytest.Host;
import dev.plimsoll.engine.pytest.HostMessage;
import dev.plimsoll.engine.pytest.HostRequest;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Mode;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.RetryRule;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.run.journal.Journal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A run of the dispatcher with a scripted host, on a virtual clock and with nothing real in it.
final class TestingRun {
  /// The suite of a run, and how it is to run.
  ///
  /// @param durations how long each test takes
  /// @param units what tests share, by test; empty for nothing
  /// @param mode whether groups run one after another
  record Suite(
      String engine,
      int workers,
      boolean isolate,
      Duration limit,
      Duration way,
      List<Duration> durations,
      List<String> units,
      Mode mode,
      RetryRule retry) {
    @Override
    public String toString() {
      String fresh = isolate ? ", isolated" : "";
      return "%d tests, %d workers, %s%s".formatted(durations.size(), workers, engine, fresh);
    }

    boolean isScheduled() {
      return engine.equals("fork") || engine.equals("spawn");
    }

    Suite engine(String other) {
      return new Suite(other, workers, isolate, limit, way, durations, units, mode, retry);
    }

    Suite way(Duration other) {
      return new Suite(engine, workers, isolate, limit, other, durations, units, mode, retry);
    }

    Suite limit(Duration other) {
      return new Suite(engine, workers, isolate, other, way, durations, units, mode, retry);
    }

    Suite phased() {
      return new Suite(engine, workers, isolate, limit, way, durations, units, Mode.PHASED, retry);
    }

    Suite retries(int retries, boolean failOnFlaky) {
      var rule = new RetryRule(retries, failOnFlaky);
      return new Suite(engine, workers, isolate, limit, way, durations, units, mode, rule);
    }

    Suite isolated() {
      return new Suite(engine, workers, true, limit, way, durations, units, mode, retry);
    }

    /// Tests that take up to 2.6 s.
    Suite mixed(long seed) {
      var random = new SplittableRandom(seed);
      var mixed = durations.stream().map(_ -> Duration.ofMillis(random.nextInt(20, 2600))).toList();
      return new Suite(engine, workers, isolate, limit, way, mixed, units, mode, retry);
    }

    Suite workers(int other) {
      return new Suite(engine, other, isolate, limit, way, durations, units, mode, retry);
    }
  }

  static final Duration LIMIT = Duration.ofSeconds(3);
  private static final Duration WAY = Duration.ofNanos(200_000);

  final Suite suite;
  final TestingClock clock = new TestingClock();
  final TestingMemory memory = new TestingMemory(clock);
  final TestingGuard guard = new TestingGuard();
  final List<TestingHost> hosts;

  /// The first of them.
  final TestingHost host;

  final List<RunEvent> events = new ArrayList<>();
  final List<String> journal = new ArrayList<>();
  private final PytestRun run;
  private @Nullable RunSummary summary;

  TestingRun(Suite suite, TestingHost.Script script) {
    this(suite, collection(suite), script);
  }

  TestingRun(Suite suite, List<HostMessage> collection, TestingHost.Script script) {
    this(new TestingPlan(suite), List.of(collection), script);
  }

  /// @param sessions what each session says before a test runs
  TestingRun(TestingPlan plan, List<List<HostMessage>> sessions, TestingHost.Script script) {
    this.suite = plan.suite;
    this.hosts =
        sessions.stream()
            .map(said -> new TestingHost(clock, said, suite.durations(), suite.way(), script))
            .toList();
    this.host = hosts.getFirst();
    this.run =
        new PytestRun(
            plan.plan(),
            memory,
            guard,
            new Sessions(hosts.iterator()),
            new Journal(sink(), clock, text -> journal.add("warning " + text)),
            events::add,
            clock);
  }

  /// Tests of 20 ms on two workers, of which the first of every so many takes a second.
  static Suite suite(int tests, int every) {
    var durations =
        IntStream.range(0, tests)
            .mapToObj(i -> Duration.ofMillis(i % every == 0 ? 1000 : 20))
            .toList();
    return new Suite(
        "fork", 2, false, LIMIT, WAY, durations, List.of(), Mode.PACKED, RetryRule.NONE);
  }

  static String path(int item) {
    return "test_%03d.py".formatted(item);
  }

  static String id(int item) {
    return path(item) + "::test";
  }

  static HostMessage.Hello hello(String xdist) {
    return new HostMessage.Hello(xdist, "/project", List.of(), Map.of());
  }

  static HostMessage.Done done(int worker, int item, Outcome outcome) {
    return done(worker, item, outcome, "");
  }

  static HostMessage.Done done(int worker, int item, Outcome outcome, String reason) {
    return new HostMessage.Done(
        worker,
        item,
        outcome,
        TestingClock.START,
        Duration.ofMillis(1),
        Duration.ZERO,
        Duration.ZERO,
        Bytes.ZERO,
        PeakSource.NONE,
        "",
        reason,
        false);
  }

  static HostMessage.Items items(Suite suite) {
    return new HostMessage.Items(
        IntStream.range(0, suite.durations().size())
            .mapToObj(item ->
                new HostMessage.Item(
                    item,
                    id(item),
                    path(item),
                    item < suite.units().size() ? suite.units().get(item) : "",
                    "",
                    List.of(),
                    Map.of()))
            .toList());
  }

  static HostMessage.Collected collected(Suite suite, int errors, boolean only) {
    return new HostMessage.Collected(
        suite.durations().size(),
        0,
        errors,
        false,
        Map.of(),
        only,
        false,
        suite.engine(),
        "",
        "",
        "");
  }

  private static List<HostMessage> collection(Suite suite) {
    return List.of(hello("3.6"), items(suite), collected(suite, 0, false));
  }

  private Journal.Sink sink() {
    return new Journal.Sink() {
      @Override
      public void append(ByteBuffer line) {
        String text = StandardCharsets.UTF_8.decode(line).toString();
        journal.add(text);
        if (text.contains("\"event\":\"kills\"")) {
          host.orders.add("journal kills");
        }
      }

      @Override
      public void sync() {
        journal.add("sync");
      }

      @Override
      public void close() {
        journal.add("close");
      }
    };
  }

  /// The sessions of a run, one after another, which an interpreter that works has started.
  private record Sessions(Iterator<TestingHost> hosts) implements HostSessions {
    @Override
    public Host open(HostRequest request) {
      return hosts.next();
    }

    @Override
    public void check(ChosenPython python, Path folder) {
      // It works.
    }
  }

  void interrupt() {
    run.end();
  }

  /// Run to the end; what must hold for every run of one session holds.
  RunSummary run() {
    RunSummary ended = runSessions();
    checkOutcomes();
    checkKills();
    return ended;
  }

  /// Run to the end, with sessions that say anything.
  RunSummary runSessions() {
    try {
      RunSummary ended = run.run();
      summary = ended;
      return ended;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// Press Ctrl-C in the terminal.
  void pressCtrlC() {
    run.interrupt();
  }

  TestResult result(int item) {
    return Objects.requireNonNull(summary).results().stream()
        .filter(result -> result.id().equals(id(item)))
        .findFirst()
        .orElseThrow();
  }

  List<String> notes() {
    return events.stream()
        .filter(RunEvent.Note.class::isInstance)
        .map(event -> ((RunEvent.Note) event).text())
        .toList();
  }

  /// Each test has one outcome, the one that its worker reported, and as many attempts as it was
  /// begun.
  private void checkOutcomes() {
    var results = new HashMap<String, TestResult>();
    for (TestResult result : Objects.requireNonNull(summary).results()) {
      check(results.put(result.id(), result) == null, "two outcomes", result);
    }
    assertThat(results).hasSize(suite.durations().size());
    for (int item = 0; item < results.size(); item++) {
      TestResult result = Objects.requireNonNull(results.get(id(item)));
      Outcome told = host.told().getOrDefault(item, result.outcome());
      check(told == result.outcome() || result.outcome() == Outcome.ERROR, "was " + told, result);
      int begun = host.begun(item);
      check(
          !suite.isScheduled() || begun == result.attempts(), "began " + begun + " times", result);
    }
  }

  private static void check(boolean holds, String what, TestResult result) {
    if (!holds) {
      throw new AssertionError(what + ": " + result);
    }
  }

  /// A kill stands in the journal before it happens.
  private void checkKills() {
    int written = 0;
    for (String order : host.orders) {
      written += order.equals("journal kills") ? 1 : 0;
      if (order.startsWith("kill now")) {
        assertThat(written).as("kills in the journal").isPositive();
      }
    }
  }
}
