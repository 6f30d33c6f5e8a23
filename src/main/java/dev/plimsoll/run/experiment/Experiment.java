package dev.plimsoll.run.experiment;

import dev.plimsoll.diagnose.ExperimentOutcome;
import dev.plimsoll.engine.pytest.HostMessage;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.report.FailureText;
import dev.plimsoll.run.guard.Guard;
import dev.plimsoll.verdict.KillReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One experiment: the test again and again in one place, its interfering set in others, every time
/// in fresh processes. It is over when the test failed, or was run often enough and all interfering
/// set had a turn.
///
/// The first turns begin together, when the process of every place is ready: on a busy machine
/// short tests would be over before the last process has started.
///
/// Tests that take the same time would run in step, and always meet in the same way. So the test
/// waits before each further turn, a different part of its own time (multiples of the golden ratio,
/// which spread best).
final class Experiment {
  private static final Duration TICK = Duration.ofMillis(100);
  private static final double GOLDEN = 0.618_033_988_749;

  /// How long running tests of the interfering set may go on once the result is known: killed in
  /// the middle they could leave behind what changes the next experiment.
  private static final Duration GRACE = Duration.ofSeconds(10);

  /// So many workers in a row that die between tests are no accident.
  private static final int HOPELESS = 5;

  /// What the process of a place does: there is none, it starts, it has no tests yet, it has its
  /// tests.
  private enum Life {
    NONE,
    STARTS,
    READY,
    RUNS
  }

  /// Where tests run one after another.
  private static final class Place {
    final List<Integer> tests;
    Life life = Life.NONE;
    int turns;
    int crashHandler;

    Place(List<Integer> tests) {
      this.tests = new ArrayList<>(tests);
    }
  }

  private record Span(int test, Instant start, Instant end) {
    static Span of(int test, HostMessage.Done done) {
      return new Span(test, done.start(), done.start().plus(done.duration()));
    }

    boolean overlaps(Span other) {
      return start.isBefore(other.end) && other.start.isBefore(end);
    }
  }

  private final ExperimentHost host;
  private final int test;
  private final int rounds;
  private final Duration usual;
  private final Duration limit;
  private final BooleanSupplier stopped;
  private final List<Place> places = new ArrayList<>();
  private final Map<Integer, String> left = new HashMap<>();
  private final Map<Integer, Duration> times = new HashMap<>();
  private final List<Span> spans = new ArrayList<>();
  private @Nullable Span failure;
  private Instant since = Instant.MAX;
  private Instant nextTurn = Instant.MAX;
  private Instant killAt = Instant.MAX;
  private boolean together;
  private boolean ended;
  private boolean timedOut;
  private boolean failed;
  private String cause = "";
  private Outcome outcome = Outcome.NOT_RUN;

  /// @param first what runs in the test's own process before it
  /// @param shares what runs at the same time, a place for each list
  /// @param rounds how often the test must pass
  /// @param usual the time that the test takes alone
  /// @param limit the longest time that the test may take
  Experiment(
      ExperimentHost host,
      int test,
      List<Integer> first,
      List<List<Integer>> shares,
      int rounds,
      Duration usual,
      Duration limit,
      BooleanSupplier stopped) {
    this.host = host;
    this.test = test;
    this.rounds = rounds;
    this.usual = usual;
    this.limit = limit;
    this.stopped = stopped;
    var own = new ArrayList<>(first);
    own.add(test);
    places.add(new Place(own));
    shares.forEach(share -> places.add(new Place(share)));
  }

  ExperimentOutcome run() throws InterruptedException {
    for (int place = 0; place < places.size(); place++) {
      begin(place);
    }
    boolean interrupted = false;
    while (places.stream().anyMatch(place -> place.life != Life.NONE)
        || nextTurn.isBefore(Instant.MAX)) {
      if (stopped.getAsBoolean() && !interrupted) {
        interrupted = true;
        end(Duration.ZERO);
      }
      host.next(untilTurn()).ifPresent(this::take);
      checkTime();
    }
    return interrupted
        ? ExperimentOutcome.STOPPED
        : failed ? ExperimentOutcome.FAILED : ExperimentOutcome.PASSED;
  }

  /// The first line of why it failed.
  String cause() {
    return cause;
  }

  /// What became of the test the last time it ran.
  Outcome outcome() {
    return outcome;
  }

  /// How long the tests took.
  Map<Integer, Duration> times() {
    return times;
  }

  /// Tests in other places that ran at the time at which it failed.
  Set<Integer> present() {
    Span when = failure;
    return when == null
        ? Set.of()
        : spans.stream().filter(when::overlaps).map(Span::test).collect(Collectors.toSet());
  }

  /// Tests of the interfering set that killed their worker and were left out from then on, and how.
  Map<Integer, String> left() {
    return left;
  }

  private void begin(int number) {
    Place place = places.get(number);
    if (place.tests.isEmpty()) {
      place.turns++;
    } else {
      place.life = Life.STARTS;
      host.start(number, places.size());
    }
  }

  /// Give those that are ready their tests, the first time not before all are.
  private void giveTests() {
    together |= places.stream().noneMatch(place -> place.life == Life.STARTS);
    for (int number = 0; together && number < places.size(); number++) {
      Place place = places.get(number);
      if (place.life == Life.READY) {
        place.life = Life.RUNS;
        host.give(number, place.tests);
      }
    }
  }

  private void take(HostMessage message) {
    if (message instanceof HostMessage.Done done) {
      times.put(host.tests().test(done.item()), done.duration());
    }
    switch (message) {
      case HostMessage.Worker worker -> {
        ready(places.get(worker.worker()));
        giveTests();
      }
      case HostMessage.Started begun when isTest(begun.worker(), begun.item()) ->
          since = begun.at();
      case HostMessage.Done done when isTest(done.worker(), done.item()) -> {
        since = Instant.MAX;
        outcome = done.outcome();
        if (outcome.isRed()) {
          failure = Span.of(test, done);
          fail(FailureText.causeIn(done.text()));
        }
      }
      case HostMessage.Done done when done.worker() > 0 ->
          spans.add(Span.of(host.tests().test(done.item()), done));
      case HostMessage.Late late when isTest(late.worker(), late.item()) ->
          fail(FailureText.causeIn(late.text()));
      case HostMessage.Gone gone -> gone(gone);
      default -> {}
    }
  }

  /// One that was sent away while it started stays as it is.
  private static void ready(Place place) {
    if (place.life == Life.STARTS) {
      place.life = Life.READY;
    }
  }

  private boolean isTest(int worker, int item) {
    return worker == 0 && host.tests().test(item) == test;
  }

  private void fail(String why) {
    if (!failed) {
      failed = true;
      cause = why;
      end(GRACE);
    }
  }

  private void gone(HostMessage.Gone gone) {
    Place place = places.get(gone.worker());
    place.life = Life.NONE;
    since = gone.worker() == 0 ? Instant.MAX : since;
    if (gone.expected()) {
      place.turns++;
    } else if (timedOut && gone.worker() == 0) {
      outcome = Outcome.FAILED;
      fail("it took longer than " + limit.toSeconds() + " s");
    } else if (!ended) {
      died(gone, place);
    }
    if (!ended && enough()) {
      end(GRACE);
    }
    if (ended) {
      return;
    }
    if (gone.worker() == 0 && places.size() > 1) {
      double part = place.turns * GOLDEN % 1;
      nextTurn = host.now().plusMillis((long) (usual.toMillis() * part));
    } else {
      begin(gone.worker());
    }
    giveTests();
  }

  private Duration untilTurn() {
    Duration until = Duration.between(host.now(), nextTurn);
    return until.compareTo(TICK) < 0 ? until : TICK;
  }

  private void died(HostMessage.Gone gone, Place place) {
    int ran = gone.item() == HostMessage.NONE ? -1 : host.tests().test(gone.item());
    String id = ran < 0 ? "" : host.tests().item(ran).id();
    String why =
        host.why(
            gone,
            new Guard.Victim(gone.worker(), new KillReason.None(), id, Bytes.ZERO, Bytes.ZERO));
    if (ran == test) {
      outcome = Outcome.CRASHED;
      fail(why);
    } else if (ran >= 0) {
      place.tests.removeIf(one -> one == ran);
      left.put(ran, why);
    } else if (++place.crashHandler >= HOPELESS) {
      throw new IllegalStateException("workers die before they run a test: " + why);
    }
  }

  private boolean enough() {
    return places.getFirst().turns >= rounds && places.stream().allMatch(place -> place.turns > 0);
  }

  private void end(Duration grace) {
    ended = true;
    nextTurn = Instant.MAX;
    killAt = host.now().plus(grace);
    for (int number = 0; number < places.size(); number++) {
      Place place = places.get(number);
      switch (place.life) {
        case NONE -> {}
        case RUNS -> host.drop(number);
        case STARTS, READY -> {
          place.life = Life.RUNS;
          host.give(number, List.of());
        }
      }
    }
  }

  private void checkTime() {
    Instant now = host.now();
    if (!nextTurn.isAfter(now)) {
      nextTurn = Instant.MAX;
      begin(0);
    }
    if (!timedOut && since.isBefore(now) && Duration.between(since, now).compareTo(limit) > 0) {
      timedOut = true;
      host.kill(0);
    }
    if (ended && now.isAfter(killAt)) {
      killAt = Instant.MAX;
      for (int place = 0; place < places.size(); place++) {
        if (places.get(place).life != Life.NONE) {
          host.kill(place);
        }
      }
    }
  }
}
