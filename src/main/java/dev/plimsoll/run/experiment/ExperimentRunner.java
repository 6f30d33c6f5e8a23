package dev.plimsoll.run.experiment;

import dev.plimsoll.diagnose.ExperimentDriver;
import dev.plimsoll.diagnose.ExperimentOutcome;
import dev.plimsoll.diagnose.ExperimentSetup;
import dev.plimsoll.diagnose.Failure;
import dev.plimsoll.diagnose.Observation;
import dev.plimsoll.diagnose.Way;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Mode;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.UserError;
import dev.plimsoll.run.guard.MemoryWatch;
import dev.plimsoll.run.plan.RunPlan;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Real experiments with the tests of a project.
public final class ExperimentRunner {
  /// In interfering set a test is run for about this long, at least and at most so many times.
  private static final Duration WITH_INTERFERING = Duration.ofSeconds(3);

  private static final int LEAST_ROUNDS = 3;
  private static final int MOST_ROUNDS = 20;

  /// How long a test may take with interfering tests: what hangs there has failed.
  private static final Duration LEAST_LIMIT = Duration.ofSeconds(60);

  private static final int LIMIT_FACTOR = 20;

  private final RunPlan plan;
  private final ExperimentHost host;
  private final MemoryWatch memory;
  private final InstantSource clock;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<Integer, Duration> measured = new HashMap<>();

  public ExperimentRunner(
      RunPlan plan, ExperimentHost host, MemoryWatch memory, InstantSource clock) {
    this.plan = plan;
    this.host = host;
    this.memory = memory;
    this.clock = clock;
    for (int test = 0; test < host.tests().size(); test++) {
      numbers.putIfAbsent(host.tests().item(test).id(), test);
    }
  }

  /// Node ids of all tests, in the order of collection.
  public List<String> tests() {
    return IntStream.range(0, host.tests().size()).mapToObj(this::id).toList();
  }

  /// The other tests that can be interfering set of a test, in the order of collection; at the same
  /// time only those of its group, unless the groups share one pool of workers, the longest first.
  public List<String> others(String test, Way way) {
    String group = group(test);
    var others = tests().stream().filter(other -> !other.equals(test));
    return switch (way) {
      case BEFORE -> others.toList();
      case CONCURRENT ->
          others
              .filter(other -> plan.mode() == Mode.PACKED || group(other).equals(group))
              .sorted(Comparator.comparing(this::time).reversed())
              .toList();
    };
  }

  public String group(String test) {
    return host.tests().group(number(test)).name();
  }

  /// How many workers the configuration gives the group of a test.
  public int configuredWorkers(String test) {
    return host.tests().group(number(test)).workers();
  }

  /// The number of workers, or less when the largest tests would not fit into memory together.
  public int fitting(String test, int workers) {
    Bytes headroom = memory.read(0, Map.of()).headroom();
    Bytes taken = peak(test);
    var peaks =
        others(test, Way.CONCURRENT).stream()
            .map(this::peak)
            .sorted(Comparator.reverseOrder())
            .toList();
    int fit = 1;
    while (fit < workers && fit <= peaks.size()) {
      taken = taken.plus(peaks.get(fit - 1)).plus(plan.workerBase());
      if (taken.compareTo(headroom) > 0) {
        break;
      }
      fit++;
    }
    return Math.max(2, fit);
  }

  /// A driver for one test.
  ///
  /// @param workers workers at the same time, the test's own among them; at least 2
  /// @param notes receives a note for each experiment
  public TestExperiment experiment(String test, int workers, Consumer<TestExperiment.Note> notes) {
    return new TestExperiment(number(test), workers, notes);
  }

  private int number(String test) {
    Integer number = numbers.get(test);
    if (number == null) {
      throw new IllegalArgumentException("no test is called " + test);
    }
    return number;
  }

  private String id(int test) {
    return host.tests().item(test).id();
  }

  private Duration time(String test) {
    int number = number(test);
    return measured.getOrDefault(number, host.tests().estimate(number).duration());
  }

  private Bytes peak(String test) {
    return host.tests().estimate(number(test)).peak();
  }

  /// Experiments with one test.
  public final class TestExperiment implements ExperimentDriver {
    private final int test;
    private final int workers;
    private final Consumer<Note> notes;
    private Duration alone = Duration.ZERO;
    private int count;
    private volatile boolean stopped;
    private volatile @Nullable Instant end;

    private TestExperiment(int test, int workers, Consumer<Note> notes) {
      this.test = test;
      this.workers = workers;
      this.notes = notes;
    }

    /// An experiment that was made.
    ///
    /// @param cause first line of why the test failed, empty when it passed
    /// @param left tests of the interfering set that killed their worker and were left out, and how
    public record Note(
        int number,
        ExperimentSetup trial,
        ExperimentOutcome outcome,
        Duration took,
        String cause,
        Map<String, String> left) {}

    /// Make no further experiment, from any thread; the present one ends at once.
    public void stop() {
      stopped = true;
    }

    /// Make no further experiment after this moment.
    public void stopAt(Instant moment) {
      end = moment;
    }

    public boolean isStopped() {
      return stopped;
    }

    private boolean isOver() {
      Instant last = end;
      return stopped || (last != null && clock.instant().isAfter(last));
    }

    @Override
    public Observation observe(ExperimentSetup trial) {
      if (isOver()) {
        return Observation.of(ExperimentOutcome.STOPPED);
      }
      Instant start = clock.instant();
      boolean beside = trial.way() == Way.CONCURRENT;
      var experiment =
          new Experiment(
              host,
              test,
              beside
                  ? List.of()
                  : trial.interfering().stream().map(ExperimentRunner.this::number).toList(),
              beside ? shares(trial) : List.of(),
              beside ? rounds() : 1,
              alone,
              limit(),
              this::isOver);
      ExperimentOutcome outcome = run(experiment);
      Duration took = Duration.between(start, clock.instant());
      measured.putAll(experiment.times());
      if (trial.interfering().isEmpty()) {
        checkIsRun(experiment);
        alone = alone.compareTo(took) < 0 ? took : alone;
      }
      var left = new HashMap<String, String>();
      experiment.left().forEach((number, why) -> left.put(id(number), why));
      notes.accept(new Note(++count, trial, outcome, took, experiment.cause(), left));
      return new Observation(
          outcome,
          experiment.present().stream().map(ExperimentRunner.this::id).collect(Collectors.toSet()),
          new Failure(experiment.cause()));
    }

    /// A signal to the whole process group ends pytest as well: that is no error.
    private ExperimentOutcome run(Experiment experiment) {
      try {
        return experiment.run();
      } catch (UserError e) {
        if (stopped) {
          return ExperimentOutcome.STOPPED;
        }
        throw e;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return ExperimentOutcome.STOPPED;
      }
    }

    private void checkIsRun(Experiment experiment) {
      if (experiment.outcome() == Outcome.SKIPPED) {
        throw new UserError(
            "`" + id(test) + "` is skipped",
            "Plimsoll cannot diagnose a test that does not run",
            "",
            ExitCode.NO_TESTS);
      }
    }

    /// Deal the interfering set out to the workers beside the test's own: what must run all the
    /// time gets a worker for itself, the rest is dealt longest first, so that long tests run
    /// together.
    private List<List<Integer>> shares(ExperimentSetup trial) {
      int places = Math.min(workers - 1, trial.interfering().size());
      var shares = new ArrayList<List<Integer>>();
      IntStream.range(0, places).forEach(_ -> shares.add(new ArrayList<>()));
      int next = 0;
      for (String other : trial.apart()) {
        shares.get(next++ % places).add(number(other));
      }
      int from = next < places ? next : 0;
      int at = 0;
      for (int other : restByTime(trial)) {
        shares.get(from + at++ % (places - from)).add(other);
      }
      return shares;
    }

    private List<Integer> restByTime(ExperimentSetup trial) {
      return trial.interfering().stream()
          .filter(other -> !trial.apart().contains(other))
          .sorted(Comparator.comparing(ExperimentRunner.this::time).reversed())
          .map(ExperimentRunner.this::number)
          .toList();
    }

    private int rounds() {
      long once = Math.max(1, alone.toMillis());
      return Math.clamp(WITH_INTERFERING.toMillis() / once, LEAST_ROUNDS, MOST_ROUNDS);
    }

    private Duration limit() {
      return host.tests().timeout(test).orElse(LEAST_LIMIT.plus(alone.multipliedBy(LIMIT_FACTOR)));
    }
  }
}
