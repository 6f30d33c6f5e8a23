package dev.plimsoll.cli.calibration;

import dev.plimsoll.calibrate.Calibration;
import dev.plimsoll.calibrate.LevelRunner;
import dev.plimsoll.calibrate.RampPlan;
import dev.plimsoll.calibrate.RampState;
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
import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.engine.CancellationToken;
import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.UserError;
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
      paramLabel = "N,N,...",
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

  @Option(names = "--continue", description = "resume an interrupted calibration")
  private boolean goOn;

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
    for (String suite : suites(config)) {
      try {
        Optional<Stage> stage =
            command == null ? StageLevelRunner.find(config, suite) : Optional.empty();
        done.add(
            stage.isPresent()
                ? calibrate(config, store, machine, stage.get())
                : calibrate(config, store, machine, suite));
      } catch (UserError e) {
        leaveOut(suite, e);
      }
    }
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

  private Calibration calibrate(
      Config config, CalibrationStore store, Machine machine, String suite) {
    RampPlan plan = plan(config);
    String mark = "calibrate-" + UUID.randomUUID();
    LevelRunner runner = runner(config, store, machine, mark);
    String line = command == null ? "" : command;
    var loop = loop(runner, store, machine);
    RampState state = state(store, machine, suite, engine(config), line, plan);
    try (var _ = Watchdog.start(mark)) {
      return loop.run(suite, engine(config), line, state);
    }
  }

  private Calibration calibrate(Config config, CalibrationStore store, Machine machine, Stage stage)
      throws IOException {
    try (var history = new HistoryStore(config.root(), InstantSource.system(), this::say);
        var runner =
            new StageLevelRunner(
                ChainSetting.of(config, () -> flags.python(config), history, this::say),
                stage,
                machine,
                () -> memory(config),
                this::say)) {
      String engine = ChainFrame.engine(stage);
      String work = stage.work().text();
      RampState state = state(store, machine, stage.name(), engine, work, plan(config));
      return loop(runner, store, machine).run(stage.name(), engine, work, state);
    }
  }

  private CalibrationLoop loop(LevelRunner runner, CalibrationStore store, Machine machine) {
    return new CalibrationLoop(
        runner, store, machine, InstantSource.system(), this::now, this::say);
  }

  private RampState state(
      CalibrationStore store,
      Machine machine,
      String suite,
      String engine,
      String line,
      RampPlan plan) {
    var fresh = new RampState(plan, List.of());
    Optional<Calibration> kept = store.read(machine, suite, plan);
    if (!goOn || kept.isEmpty()) {
      return fresh;
    }
    Calibration before = kept.get();
    if (!before.engine().equals(engine) || !before.command().equals(line)) {
      throw new UserError(
          "`" + suite + "` cannot be resumed",
          "it was measured with "
              + (before.command().isEmpty()
                  ? "the " + before.engine() + " engine"
                  : "`" + before.command() + "`"),
          "start over without `--continue`, or use the same engine and command",
          ExitCode.USAGE);
    }
    say("%s: resuming after %d runs".formatted(suite, before.state().trials().size()));
    return before.state();
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

  private LevelRunner runner(Config config, CalibrationStore store, Machine machine, String mark) {
    var cancellation = new CancellationToken();
    Interrupts.call(() -> cancellation.pull("interrupted"));
    String line = command;
    if (line == null) {
      Path logs = store.logs().toAbsolutePath();
      return new GroupLevelRunner(passedOn(), flags.current(), logs, mark, cancellation);
    }
    if (!line.contains(CommandLevelRunner.WORKERS)) {
      throw new UserError(
          "cannot calibrate the command",
          "it does not contain `{workers}`, so every level would be the same",
          "add it in place of the number of workers: `npx vitest run --maxWorkers={workers}`",
          ExitCode.USAGE);
    }
    return new CommandLevelRunner(
        line, config.root(), store.logs(), machine, InstantSource.system(), mark, cancellation);
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
        new SystemMemory(rules.rule(), rules.reserve(), Optional.empty(), InstantSource.system())) {
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

  private void say(String text) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(text);
    err.flush();
  }
}
