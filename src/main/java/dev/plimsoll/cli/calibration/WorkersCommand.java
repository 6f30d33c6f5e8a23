package dev.plimsoll.cli.calibration;

import dev.plimsoll.calibrate.Calibration;
import dev.plimsoll.cli.MemoryFlags;
import dev.plimsoll.cli.ProjectCommand;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.config.schema.Workers;
import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.history.RunLine;
import dev.plimsoll.history.TestLine;
import dev.plimsoll.history.TestSorting;
import dev.plimsoll.learn.WorkersThatFit;
import dev.plimsoll.memory.MemorySensor;
import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.run.plan.MemoryRules;
import dev.plimsoll.run.plan.ThisMachine;
import dev.plimsoll.schedule.budget.Budget;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;

/// `plimsoll workers`: how many workers of pytest-xdist the memory allows now. The pytest plugin
/// asks it for `-n auto`.
@Command(
    name = "workers",
    mixinStandardHelpOptions = true,
    description = {
      "Print how many pytest-xdist workers the memory allows, and why: `pytest -n $(plimsoll"
          + " workers)`. The installed pytest plugin does the same for `pytest -n auto`."
    })
public final class WorkersCommand extends ProjectCommand<MemoryFlags> {
  /// What a worker takes of which nothing is recorded: an interpreter with a suite imported.
  private static final Bytes UNKNOWN_WORKER = Bytes.mib(256);

  /// More workers than any machine runs.
  private static final int MOST = 1000;

  private static final int RUNS = 20;
  private static final int TESTS = 1000;

  public WorkersCommand() {
    super(new MemoryFlags());
  }

  private record Answer(int workers, String why) {}

  @Override
  public Integer call() {
    Config config = flags.load();
    Answer answer =
        configured(config).or(() -> calibrated(config)).orElseGet(() -> byMemory(config));
    var line = spec.commandLine();
    line.getErr().println(answer.why());
    line.getErr().flush();
    line.getOut().println(answer.workers());
    line.getOut().flush();
    return 0;
  }

  private static Optional<Answer> configured(Config config) {
    return config.get(Keys.WORKERS) instanceof Workers.Count(int workers)
        ? Optional.of(new Answer(workers, config.origin(Keys.WORKERS).text()))
        : Optional.empty();
  }

  private static Optional<Answer> calibrated(Config config) {
    String here = ThisMachine.read().key();
    return Calibrations.withXdist(config).stream()
        .filter(calibration -> calibration.machine().key().equals(here))
        .min(Comparator.comparingInt(WorkersCommand::chosen))
        .map(least ->
            new Answer(
                chosen(least),
                "`%s` was calibrated with pytest-xdist on this machine".formatted(least.suite())));
  }

  private static int chosen(Calibration calibration) {
    return calibration.choice().workers();
  }

  private Answer byMemory(Config config) {
    var rules = new MemoryRules(config);
    Bytes budget;
    try (var sensor = new MemorySensor(SystemRoot.system())) {
      budget =
          Budget.of(rules.rule(), rules.reserve(), sensor.fresh(), Bytes.ZERO, Bytes.ZERO).size();
    }
    List<Bytes> peaks;
    Optional<Bytes> worker;
    try (var store = new HistoryStore(config.root(), InstantSource.system(), this::warn)) {
      peaks = store.tests(TestSorting.LARGEST, TESTS).stream().map(TestLine::largest).toList();
      worker =
          store.runs(RUNS).stream()
              .filter(RunLine::finished)
              .map(WorkersCommand::worker)
              .filter(Bytes::isPositive)
              .min(Comparator.naturalOrder());
    }
    var fit = new WorkersThatFit(budget, worker.orElse(UNKNOWN_WORKER), peaks);
    int most = Runtime.getRuntime().availableProcessors();
    int count = fit.count(most);
    int memory = fit.count(MOST);
    String cores =
        count == most && memory > count
            ? "; %d, one for each core: memory would allow %s"
                .formatted(count, memory == MOST ? "more" : memory)
            : "";
    return new Answer(count, why(fit, worker.isPresent()) + cores);
  }

  /// What a worker took in a run at most: forked workers share what they imported, others do not.
  private static Bytes worker(RunLine run) {
    int together = run.workers().values().stream().mapToInt(Integer::intValue).max().orElse(1);
    return run.engine().equals("fork") ? run.peak() : run.peak().times(1.0 / Math.max(1, together));
  }

  private static String why(WorkersThatFit fit, boolean recorded) {
    String each =
        recorded
            ? "a worker holds about %s and the largest test %s"
                .formatted(fit.worker(), fit.peaks().stream().findFirst().orElse(Bytes.ZERO))
            : "nothing is recorded here yet, and a worker often holds " + fit.worker();
    return "the workers may use %s together; %s".formatted(fit.budget(), each);
  }
}
