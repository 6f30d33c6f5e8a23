package dev.plimsoll.ui;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.MemorySnapshot;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RunEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The state of a run, from its events alone.
final class RunView {
  private static final double TOO_EARLY = 0.05;
  private static final Duration TOO_SOON = Duration.ofSeconds(3);

  private final Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
  private final Map<String, Running> running = new HashMap<>();
  private final Set<String> workers = new HashSet<>();
  private Map<String, Bytes> held = Map.of();
  private Optional<MemorySnapshot> memory = Optional.empty();
  private Optional<RunEvent.Forecast> forecast = Optional.empty();
  private Instant start = Instant.EPOCH;
  private Instant collected = Instant.EPOCH;
  private double expected = -1;
  private int total;
  private boolean stopping;

  /// The tests that were known, and finished, at the last collection: a run may have several parts
  /// that each collect tests.
  private int earlier;

  private int before;
  private String group = "";

  void apply(RunEvent event) {
    switch (event) {
      case RunEvent.Started started -> start = started.at();
      case RunEvent.Collected known -> collected(known);
      case RunEvent.GroupStarted begun -> group = begun.group();
      case RunEvent.WorkerStarted begun -> workers.add(begun.worker());
      case RunEvent.TestStarted begun ->
          running.put(begun.worker(), new Running(begun.id(), begun.worker(), begun.at()));
      case RunEvent.TestFinished finished -> {
        stopped(finished.result().worker(), finished.result().id());
        counts.merge(finished.result().outcome(), 1, Integer::sum);
      }
      case RunEvent.TestRetried retried -> stopped(retried.worker(), retried.id());
      case RunEvent.Died died -> stopped(died.death().worker(), died.death().test());
      case RunEvent.WorkerGone gone -> {
        running.remove(gone.worker());
        workers.remove(gone.worker());
      }
      case RunEvent.Sampled sampled -> {
        memory = Optional.of(sampled.memory());
        held = Map.copyOf(sampled.workers());
      }
      case RunEvent.Forecast known -> forecast = Optional.of(known);
      case RunEvent.Stopping ignored -> stopping = true;
      case RunEvent.Note ignored -> {}
      case RunEvent.Output ignored -> {}
      case RunEvent.Finished ignored -> running.clear();
    }
  }

  private void collected(RunEvent.Collected known) {
    collected = known.at();
    before = done();
    earlier = total;
    total += known.count();
    expected = known.expected();
    forecast = Optional.empty();
  }

  private void stopped(String worker, String id) {
    Running test = running.get(worker);
    if (test != null && test.id().equals(id)) {
      running.remove(worker);
    }
  }

  /// Whether the run stops early.
  boolean isStopping() {
    return stopping;
  }

  int total() {
    return total;
  }

  int done() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  double share() {
    return total == 0 ? 0 : Math.min(1, (double) done() / total);
  }

  Map<Outcome, Integer> counts() {
    return Collections.unmodifiableMap(counts);
  }

  String group() {
    return group;
  }

  int workers() {
    return workers.size();
  }

  Optional<MemorySnapshot> memory() {
    return memory;
  }

  Bytes held(String worker) {
    return held.getOrDefault(worker, Bytes.ZERO);
  }

  /// Running tests, oldest first.
  List<Running> running() {
    return running.values().stream()
        .sorted(Comparator.comparing(Running::start).thenComparing(Running::worker))
        .toList();
  }

  Duration elapsed(Instant now) {
    return start.equals(Instant.EPOCH) ? Duration.ZERO : Duration.between(start, now);
  }

  /// The time left, in whole seconds and never 0, because something still runs: by the last
  /// forecast; else what was expected minus the time that passed; else by the share of tests that
  /// have ended. Without history it is unknown during the first few seconds.
  Optional<Duration> left(Instant now) {
    if (stopping || total == 0 || done() >= total || collected.equals(Instant.EPOCH)) {
      return Optional.empty();
    }
    Duration passed = Duration.between(collected, now);
    double part = total == earlier ? 1 : (double) (done() - before) / (total - earlier);
    if (expected < 0 && (part < TOO_EARLY || passed.compareTo(TOO_SOON) < 0)) {
      return Optional.empty();
    }
    Duration left =
        forecast
            .map(last -> last.left().minus(Duration.between(last.at(), now)))
            .orElseGet(() -> extrapolated(passed, part));
    return Optional.of(Duration.ofSeconds(Math.max(1, Math.ceilDiv(left.toMillis(), 1000))));
  }

  private Duration extrapolated(Duration passed, double part) {
    double seconds = passed.toMillis() / 1000.0;
    double left = expected > seconds ? expected - seconds : seconds * Math.max(0, 1 / part - 1);
    return Duration.ofMillis((long) (left * 1000));
  }
}
