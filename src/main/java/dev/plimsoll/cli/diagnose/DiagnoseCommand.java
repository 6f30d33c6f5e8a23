package dev.plimsoll.cli.diagnose;

import dev.plimsoll.cli.ConfigFlags;
import dev.plimsoll.cli.GroupName;
import dev.plimsoll.cli.Interrupts;
import dev.plimsoll.cli.JsonText;
import dev.plimsoll.cli.Options;
import dev.plimsoll.cli.ProjectCommand;
import dev.plimsoll.cli.calibration.Calibrations;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.Nearest;
import dev.plimsoll.config.schema.EngineName;
import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.config.schema.Types;
import dev.plimsoll.config.schema.Workers;
import dev.plimsoll.diagnose.Diagnosis;
import dev.plimsoll.diagnose.Effort;
import dev.plimsoll.diagnose.Remedy;
import dev.plimsoll.diagnose.Search;
import dev.plimsoll.files.UserFolder;
import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Mode;
import dev.plimsoll.model.UserError;
import dev.plimsoll.process.MachineLock;
import dev.plimsoll.process.SteadyClock;
import dev.plimsoll.report.DiagnosisText;
import dev.plimsoll.report.Style;
import dev.plimsoll.report.TerminalText;
import dev.plimsoll.report.Words;
import dev.plimsoll.report.json.DiagnosisJson;
import dev.plimsoll.run.PytestLauncher;
import dev.plimsoll.run.experiment.ExperimentRunner;
import dev.plimsoll.run.plan.RunRequest;
import dev.plimsoll.run.plan.WorkerRule;
import dev.plimsoll.ui.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `plimsoll diagnose TEST`: which other tests make it fail.
@Command(
    name = "diagnose",
    mixinStandardHelpOptions = true,
    description = {
      "Find which other tests make a test fail when they run at the same time, or before it in the"
          + " same process.",
      "Finds the smallest set of them by halving, proves it, and suggests a fix."
    },
    footer = {
      "",
      "Exit codes: 0 proven, 1 the test fails alone, 2 interrupted, 5 no such test,",
      "17 nothing proven: the test did not fail again, or the time budget ran out."
    })
public final class DiagnoseCommand extends ProjectCommand<ConfigFlags> {
  private static final Duration USUAL_TIME = Duration.ofMinutes(10);

  /// How much of a failure's cause to show, in terminal cells.
  private static final int CAUSE = 120;

  public DiagnoseCommand() {
    super(new ConfigFlags());
  }

  @Parameters(index = "0", paramLabel = "TEST", description = "The node id of the test.")
  private String wanted = "";

  @Parameters(
      index = "1..*",
      paramLabel = "PATH|" + Options.PYTEST,
      description = "Search only in these files; options after `--` go to pytest.")
  private List<String> arguments = new ArrayList<>();

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "How often to try each full set before it counts as harmless (default: 5).")
  private int runs = Effort.USUAL.tries();

  @Option(
      names = "--budget",
      paramLabel = "DURATION|none",
      description = "Time limit for all experiments (default: 10m).")
  private String budget = "";

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Config config = flags.load();
    check(config);
    Optional<Duration> time = time();
    InstantSource clock = SteadyClock.source();
    Instant start = clock.instant();
    try (var store = new HistoryStore(config.root(), clock, this::warn);
        MachineLock.Lease lease = share(config)) {
      Objects.requireNonNull(lease);
      return new PytestLauncher(clock, this::warn)
          .experiment(
              request(config),
              store,
              runner -> {
                String test = find(runner);
                var suspicion = Suspicion.of(test, config, store, this::warn);
                int most = runner.fitting(test, workers(config, suspicion, runner));
                ExperimentRunner.TestExperiment experiment =
                    runner.experiment(test, most, this::tell);
                time.ifPresent(limit -> experiment.stopAt(clock.instant().plus(limit)));
                Interrupts.call(experiment::stop);
                say(plan(test, runner.tests().size(), most));
                Effort effort = Effort.USUAL.withTries(runs);
                Diagnosis found =
                    new Search(
                            test, suspicion.pools(runner), effort, experiment, suspicion.failure())
                        .run();
                warnOfOther(found.failures());
                print(found, config, Duration.between(start, clock.instant()));
                return code(found, experiment.isStopped()).code();
              });
    }
  }

  private void warnOfOther(Diagnosis.Failures failures) {
    if (failures.differ()) {
      warn(
          TerminalText.clean(
              "the result is about another failure than the recorded one: the experiments raised %s, and the last failed run raised %s"
                  .formatted(failures.found().cause(), failures.recorded().cause())));
    }
  }

  private void check(Config config) {
    if (runs < 1) {
      throw new UserError(
          "invalid value `" + runs + "` for `--runs`",
          "must be a positive integer",
          "",
          ExitCode.USAGE);
    }
    if (config.get(Keys.ENGINE) == EngineName.XDIST) {
      throw new UserError(
          "`diagnose` does not support the engine `xdist`",
          "pytest-xdist itself decides which worker runs a test",
          "use `--engine fork` or `--engine spawn`",
          ExitCode.USAGE);
    }
  }

  private Optional<Duration> time() {
    if (budget.isEmpty()) {
      return Optional.of(USUAL_TIME);
    }
    return Types.orNone(Types.DURATION)
        .readText(budget)
        .orElseThrow(() ->
            new UserError(
                "invalid value `" + budget + "` for `--budget`",
                "must be a duration such as `20m`, or `none`",
                "",
                ExitCode.USAGE));
  }

  private MachineLock.Lease share(Config config) throws IOException, InterruptedException {
    return new MachineLock(UserFolder.runtime(System.getenv()))
        .acquire(
            MachineLock.Mode.SHARED,
            "plimsoll diagnose in " + config.root(),
            who -> say("plimsoll diagnose " + MachineLock.waits(who)));
  }

  /// All tests, or those of the named paths and the test itself. A failure must not end the
  /// session.
  private RunRequest request(Config config) {
    RunRequest asked = request(config, arguments);
    var all = new ArrayList<>(arguments);
    if (asked.hasPaths() && Files.exists(flags.current().resolve(wanted.split("::", 2)[0]))) {
      all.add(wanted);
    }
    all.add("--maxfail=0");
    return request(config, all);
  }

  private RunRequest request(Config config, List<String> pytest) {
    WorkerRule rule = Calibrations.rule(config, this::warn);
    return new RunRequest(
        config,
        flags.python(config),
        flags.current(),
        List.of(),
        pytest,
        Map.of(),
        group -> rule.group(group, false),
        true,
        List.of(),
        "diagnose " + wanted,
        Optional.empty(),
        Optional.empty());
  }

  /// The test with this node id, or the only one whose id ends so.
  private String find(ExperimentRunner runner) {
    List<String> tests = runner.tests();
    if (tests.contains(wanted)) {
      return wanted;
    }
    var ending =
        tests.stream()
            .filter(id -> id.endsWith("/" + wanted) || id.endsWith("::" + wanted))
            .toList();
    if (ending.size() == 1) {
      return ending.getFirst();
    }
    throw new UserError(
        "there is no test `" + wanted + "`",
        ending.isEmpty()
            ? Words.count(tests.size(), "test") + " collected"
            : "several node ids end with it: "
                + String.join(", ", ending.subList(0, Math.min(3, ending.size()))),
        Nearest.to(wanted, tests)
            .map(near -> "did you mean `" + near + "`?")
            .orElse("`python -m pytest --collect-only -q` lists the node ids"),
        ExitCode.NO_TESTS);
  }

  private static int workers(Config config, Suspicion suspicion, ExperimentRunner runner) {
    boolean asked = config.origin(Keys.WORKERS).isAskedFor();
    return asked && config.get(Keys.WORKERS) instanceof Workers.Count(int count)
        ? Math.max(2, count)
        : suspicion.workers(runner);
  }

  private static String plan(String test, int count, int workers) {
    return "%s, one of %s; experiments run others at the same time in %d workers"
        .formatted(TerminalText.clean(test), Words.count(count, "test"), workers);
  }

  private void tell(ExperimentRunner.TestExperiment.Note note) {
    String cause = TerminalText.fit(TerminalText.clean(note.cause()), CAUSE);
    note.left()
        .forEach((id, why) ->
            warn(TerminalText.clean(id) + " killed its worker and is left out: " + why));
    say(
        "%3d  %s: %s (%s)%s"
            .formatted(
                note.number(),
                DiagnosisText.interfering(note.trial()),
                switch (note.outcome()) {
                  case PASSED -> "passed";
                  case FAILED -> "failed";
                  case STOPPED -> "stopped";
                },
                Words.time(note.took()),
                cause.isEmpty() ? "" : ": " + cause));
  }

  private void print(Diagnosis found, Config config, Duration took) {
    Remedy remedy = Remedy.of(found, single(config));
    var terminal = Terminal.standard();
    var style = new Style(terminal.hasColour(terminal.out()), terminal.isUnicode());
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        json
            ? JsonText.write(DiagnosisJson.tree(found, remedy, took))
            : DiagnosisText.of(found, remedy, took, style));
    out.flush();
  }

  /// A group with one worker keeps other tests away from a test only if groups run one after
  /// another.
  private static String single(Config config) {
    return config.get(Keys.MODE) == Mode.PACKED ? "" : GroupName.single(config);
  }

  private static ExitCode code(Diagnosis found, boolean interrupted) {
    return switch (found.finding()) {
      case PROVEN -> ExitCode.OK;
      case FAILS_ALONE, FLAKY -> ExitCode.TESTS_FAILED;
      case UNPROVEN, STOPPED -> interrupted ? ExitCode.INTERRUPTED : ExitCode.UNPROVEN;
      case LINGERS, NEVER -> ExitCode.UNPROVEN;
    };
  }
}
