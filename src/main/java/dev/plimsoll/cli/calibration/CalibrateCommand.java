package dev.plimsoll.cli.calibration;

import dev.plimsoll.calibrate.Calibration;
import dev.plimsoll.calibrate.LevelRunner;
import dev.plimsoll.calibrate.PastRun;
import dev.plimsoll.calibrate.RampPlan;
import dev.plimsoll.calibrate.RampState;
import dev.plimsoll.calibrate.SuiteProof;
import dev.plimsoll.calibrate.choice.Amount;
import dev.plimsoll.calibrate.choice.ChoicePolicy;
import dev.plimsoll.calibrate.document.CalibrationDocument;
import dev.plimsoll.cli.ConfigFlags;
import dev.plimsoll.cli.GroupName;
import dev.plimsoll.cli.Interrupts;
import dev.plimsoll.cli.JsonText;
import dev.plimsoll.cli.ProjectCommand;
import dev.plimsoll.cli.stages.ChainSetting;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.GroupFolder;
import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.engine.CancellationToken;
import dev.plimsoll.engine.command.CommandRunner;
import dev.plimsoll.history.CodeState;
import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.inventory.GroupLists;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.UserError;
import dev.plimsoll.process.SteadyClock;
import dev.plimsoll.process.Watchdog;
import dev.plimsoll.report.TerminalText;
import dev.plimsoll.run.chain.ChainFrame;
import dev.plimsoll.run.guard.SystemMemory;
import dev.plimsoll.run.plan.MemoryRules;
import dev.plimsoll.run.plan.ThisMachine;
import dev.plimsoll.stages.Stage;
import dev.plimsoll.ui.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Find the fastest stable number of workers by measuring.
@Command(
    name = "calibrate",
    mixinStandardHelpOptions = true,
    description = "Find the fastest stable number of workers of groups and stages by measuring.",
    footer = {
      "",
      "Plimsoll stores each run; after an interruption `--continue` resumes.",
      "Exit code 1 if a group has no level to recommend."
    })
public final class CalibrateCommand extends ProjectCommand<ConfigFlags> {
  private static final Set<String> PASSED_ON =
      Set.of("--config", "--python", "--engine", "--memory", "--reserve", "--timeout", "--isolate");

  public CalibrateCommand() {
    super(new ConfigFlags());
  }

  @Parameters(
      arity = "0..*",
      paramLabel = "GROUP|STAGE",
      description =
          "pytest groups and stages to calibrate (default: all groups); with"
              + " --command, a name for the suite")
  private List<String> groups = List.of();

  @Option(
      names = "--command",
      paramLabel = "LINE",
      description = "calibrate a command line that contains {workers}, instead of pytest groups")
  private @Nullable String command;

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "passing runs in a row that prove a level stable (default: 3)")
  private @Nullable String runs;

  @Option(
      names = "--levels",
      paramLabel = "N",
      split = ",",
      description = "numbers of workers to try (default: 1,2,3,4,6,8,12,16)")
  private List<Integer> levels = List.of();

  @Option(names = "--max", paramLabel = "N", description = "try no more workers than this")
  private @Nullable Integer max;

  @Option(
      names = "--budget",
      paramLabel = "DURATION|none",
      description = "time limit for all runs of a group, such as 20m")
  private @Nullable String budget;

  @Option(
      names = "--continue",
      description = "resume an interrupted calibration, or step back after a failed run")
  private boolean goOn;

  @Option(
      names = "--allow-failing",
      description = "accept tests that fail with one worker as the baseline, and continue")
  private boolean allowFailing;

  @Option(
      names = "--without-history",
      description = "ignore what recorded runs of the same code show about levels")
  private boolean withoutHistory;

  @Option(
      names = "--force",
      description = "try levels even if they are not expected to fit the memory")
  private boolean force;

  @Option(names = "--json", description = "print the result as JSON")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Config config = flags.load();
    Machine machine = ThisMachine.read();
    var store = new CalibrationStore(config.root());
    var done = new ArrayList<Calibration>();
    String line = command;
    var groups = new ArrayList<String>();
    for (String suite : suites(config)) {
      Optional<Stage> stage =
          line == null ? StageLevelRunner.find(config, suite) : Optional.empty();
      if (line != null) {
        done.add(command(config, store, machine, suite, line));
      } else if (stage.isPresent()) {
        done.add(stage(config, store, machine, stage.get()));
      } else {
        groups.add(suite);
      }
    }
    done.addAll(0, groups(config, store, machine, groups));
    if (done.isEmpty()) {
      throw new UserError(
          "there are no tests to calibrate",
          "all groups are empty",
          "`plimsoll groups list` shows what is in each group",
          ExitCode.NO_TESTS);
    }
    print(done);
    boolean allFound = done.stream().allMatch(calibration -> calibration.choice().found());
    return (allFound ? ExitCode.OK : ExitCode.TESTS_FAILED).code();
  }

  /// A group without tests is an error only if the user named it.
  private void leaveOut(String suite, UserError error) {
    if (!groups.isEmpty() || error.exitCode() != ExitCode.NO_TESTS) {
      throw error;
    }
    say("%s: skipped, %s".formatted(suite, error.why()));
  }

  /// Groups of pytest, whose levels are proven together.
  private List<Calibration> groups(
      Config config, CalibrationStore store, Machine machine, List<String> names) {
    if (names.isEmpty()) {
      return List.of();
    }
    String mark = "calibrate-" + UUID.randomUUID();
    GroupLevelRunner runner = runner(store, mark);
    String engine = engine(config);
    RecordedRuns known = RecordedRuns.read(config, machine, engine, this::say);
    RecordedRuns recorded = withoutHistory ? known.forgotten() : known;
    GroupLists lists = new GroupFolder(config).readSettled();
    var suites = new LinkedHashMap<String, CalibrationLoop.Suite>();
    var begun = new LinkedHashMap<String, RampState>();
    var ended = new LinkedHashMap<String, Calibration>();
    for (String name : names) {
      var suite = suite(name, engine, "", machine, recorded.code(), lists.list(name));
      if (goOn) {
        store.read(machine, name, engine, plan(config)).ifPresent(old -> ended.put(name, old));
      }
      RampState state = state(store, suite, plan(config));
      for (PastRun run : recorded.of(name)) {
        state = state.with(run);
      }
      suites.put(name, suite);
      begun.put(name, state);
    }
    var expected = new LinkedHashMap<>(begun);
    boolean listed = suites.values().stream().anyMatch(suite -> !suite.files().isEmpty());
    expected.keySet().removeIf(name -> listed && lists.list(name).isEmpty());
    var forecast = new Forecast(expected, recorded.times());
    say(CalibrationText.cost(expected.keySet(), forecast.left()));
    var loops = new LinkedHashMap<String, CalibrationLoop>();
    var states = new LinkedHashMap<String, RampState>();
    try (var _ = Watchdog.start(mark)) {
      for (var one : suites.entrySet()) {
        String name = one.getKey();
        var loop = loop(runner, store, one.getValue(), forecast);
        try {
          states.put(name, loop.measure(Objects.requireNonNull(begun.get(name))));
          loops.put(name, loop);
        } catch (UserError e) {
          leaveOut(name, e);
          forecast.drop(name);
        }
      }
      if (states.size() == 1 && !groups.isEmpty() && config.groups().size() > 1) {
        say(
            "%s was proven by its own runs; `plimsoll calibrate` also runs all groups together"
                .formatted(String.join("", states.keySet())));
      }
      return states.isEmpty()
          ? List.of()
          : new SuiteLoop(loops, workers -> together(runner, workers), forecast, this::say)
              .run(SuiteProof.resume(states, ended, recorded.code()));
    }
  }

  private RunSummary together(GroupLevelRunner runner, Map<String, Integer> workers) {
    now("the whole suite ...");
    try {
      return runner.together(workers);
    } finally {
      now("");
    }
  }

  private Calibration command(
      Config config, CalibrationStore store, Machine machine, String name, String line) {
    String mark = "calibrate-" + UUID.randomUUID();
    var suite = suite(name, "command", line, machine, CodeState.of(config.root()), List.of());
    LevelRunner runner = runner(config, store, machine, mark, line);
    try (var _ = Watchdog.start(mark)) {
      return alone(runner, store, suite, state(store, suite, plan(config)));
    }
  }

  private Calibration stage(Config config, CalibrationStore store, Machine machine, Stage stage)
      throws IOException {
    try (var history = new HistoryStore(config.root(), InstantSource.system(), this::say);
        var runner =
            new StageLevelRunner(
                ChainSetting.of(config, () -> flags.python(config), history, Map.of(), this::say),
                stage,
                machine,
                () -> memory(config),
                this::say)) {
      var suite =
          suite(
              stage.name(),
              ChainFrame.engine(stage),
              stage.work().text(),
              machine,
              CodeState.of(config.root()),
              List.of());
      return alone(runner, store, suite, state(store, suite, plan(config)));
    }
  }

  private CalibrationLoop.Suite suite(
      String name, String engine, String line, Machine machine, String code, List<String> files) {
    return new CalibrationLoop.Suite(name, engine, line, machine, code, files, allowFailing);
  }

  private CalibrationLoop loop(
      LevelRunner runner, CalibrationStore store, CalibrationLoop.Suite suite, Forecast forecast) {
    return new CalibrationLoop(
        runner, store, suite, forecast, InstantSource.system(), this::now, this::say);
  }

  /// A suite on its own.
  private Calibration alone(
      LevelRunner runner, CalibrationStore store, CalibrationLoop.Suite suite, RampState state) {
    var forecast = Forecast.of(suite.name(), state);
    say(CalibrationText.cost(List.of(suite.name()), forecast.left()));
    var loop = loop(runner, store, suite, forecast);
    return loop.finish(loop.measure(state), 0);
  }

  private RampState state(CalibrationStore store, CalibrationLoop.Suite suite, RampPlan plan) {
    var fresh = new RampState(plan, List.of());
    Optional<Calibration> kept = store.read(suite.machine(), suite.name(), suite.engine(), plan);
    if (!goOn || kept.isEmpty()) {
      return fresh;
    }
    Calibration before = kept.get();
    if (!before.command().equals(suite.command())) {
      throw new UserError(
          "`" + suite.name() + "` cannot be resumed",
          "it was measured with `" + before.command() + "`",
          "start over without `--continue`, or use the same command",
          ExitCode.USAGE);
    }
    boolean changed = !before.code().equals(suite.code());
    var trials =
        before.state().trials().stream()
            .filter(trial -> !changed || (trial.failed().isEmpty() && trial.troubles().isEmpty()))
            .toList();
    int dropped = before.state().trials().size() - trials.size();
    say(
        "%s: resuming after %d runs%s"
            .formatted(
                suite.name(),
                trials.size(),
                dropped == 0 ? "" : "; the code has changed since " + dropped + " failed ones"));
    return new RampState(plan, trials, changed ? List.of() : before.state().past());
  }

  private String engine(Config config) {
    return command == null
        ? config.get(Keys.ENGINE).name().toLowerCase(java.util.Locale.ROOT)
        : "command";
  }

  private List<String> suites(Config config) {
    if (command != null) {
      return groups.isEmpty() ? List.of("suite") : groups;
    }
    return groups.isEmpty()
        ? config.get(Keys.GROUPS_ORDER)
        : groups.stream().map(name -> GroupName.orStage(name, config)).toList();
  }

  private GroupLevelRunner runner(CalibrationStore store, String mark) {
    Path logs = store.logs().toAbsolutePath();
    return new GroupLevelRunner(passedOn(), flags.current(), logs, mark, cancellation());
  }

  private static CancellationToken cancellation() {
    var cancellation = new CancellationToken();
    Interrupts.call(() -> cancellation.pull("interrupted"));
    return cancellation;
  }

  private LevelRunner runner(
      Config config, CalibrationStore store, Machine machine, String mark, String line) {
    if (!line.contains(CommandRunner.WORKERS)) {
      throw new UserError(
          "cannot calibrate the command",
          "it does not contain `{workers}`, so every level would be the same",
          "add it in place of the number of workers: `npx vitest run --maxWorkers={workers}`",
          ExitCode.USAGE);
    }
    return new CommandLevelRunner(
        line, config.root(), store.logs(), machine, SteadyClock.source(), mark, cancellation());
  }

  /// Options of this command that are those of `plimsoll run` too.
  private List<String> passedOn() {
    var options = new ArrayList<String>();
    for (var option : spec.commandLine().getParseResult().matchedOptions()) {
      if (PASSED_ON.contains(option.longestName())) {
        option
            .stringValues()
            .forEach(value -> options.addAll(List.of(option.longestName(), value)));
      }
    }
    return options;
  }

  private RampPlan plan(Config config) {
    var tried = levels.isEmpty() ? config.get(Keys.CALIBRATE_LEVELS) : levels;
    int ceiling = max == null ? Integer.MAX_VALUE : max;
    var within = tried.stream().filter(level -> level <= ceiling).sorted().distinct().toList();
    if (within.isEmpty() || within.stream().anyMatch(level -> level < 1)) {
      throw new UserError(
          "there are no levels to try",
          "levels are positive integers up to `--max`",
          "",
          ExitCode.USAGE);
    }
    var policy =
        new ChoicePolicy(
            config.get(Keys.CALIBRATE_TOLERANCE),
            config.get(Keys.CALIBRATE_SWAP),
            Amount.UNKNOWN,
            1);
    return new RampPlan(
        within, runs(config), Amount.of(memory(config)), force, time(config), policy);
  }

  private int runs(Config config) {
    if (runs == null) {
      return config.get(Keys.CALIBRATE_RUNS);
    }
    return Keys.CALIBRATE_RUNS
        .type()
        .readText(runs)
        .orElseThrow(() -> usage("--runs", runs, "a positive integer"));
  }

  private Duration time(Config config) {
    Optional<Duration> time =
        budget == null
            ? config.get(Keys.CALIBRATE_BUDGET)
            : Keys.CALIBRATE_BUDGET
                .type()
                .readText(budget)
                .orElseThrow(() -> usage("--budget", budget, "a duration such as 20m"));
    return time.orElse(Duration.ZERO);
  }

  private static UserError usage(String flag, @Nullable String text, String wanted) {
    return new UserError(
        "invalid value `" + text + "` for `" + flag + "`", "must be " + wanted, "", ExitCode.USAGE);
  }

  private static Bytes memory(Config config) {
    var rules = new MemoryRules(config);
    try (var memory =
        new SystemMemory(rules.rule(), rules.reserve(), Optional.empty(), SteadyClock.source())) {
      return memory.budget().size();
    }
  }

  private void print(List<Calibration> done) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      var document = new LinkedHashMap<String, @Nullable Object>();
      var suites = new LinkedHashMap<String, @Nullable Object>();
      done.forEach(c -> suites.put(c.suite(), CalibrationDocument.write(c)));
      document.put("suites", suites);
      out.print(JsonText.write(document));
    } else {
      done.forEach(calibration -> out.print(CalibrationText.result(calibration)));
    }
    out.flush();
  }

  /// A status line that the next one overwrites; only in a terminal.
  private void now(String text) {
    var terminal = Terminal.standard();
    if (terminal.isLive()) {
      PrintWriter err = spec.commandLine().getErr();
      err.print("\r\033[K" + TerminalText.clean(text));
      err.flush();
    }
  }
}
