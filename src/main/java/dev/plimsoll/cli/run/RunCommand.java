package dev.plimsoll.cli.run;

import dev.plimsoll.cli.ConfigFlags;
import dev.plimsoll.cli.EarlyStart;
import dev.plimsoll.cli.EventSinks;
import dev.plimsoll.cli.GroupName;
import dev.plimsoll.cli.Interrupts;
import dev.plimsoll.cli.Options;
import dev.plimsoll.cli.ProjectCommand;
import dev.plimsoll.cli.calibration.Calibrations;
import dev.plimsoll.cli.report.JunitReport;
import dev.plimsoll.cli.shard.ShardOptions;
import dev.plimsoll.cli.stages.StageRun;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.files.UserFolder;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.UserError;
import dev.plimsoll.process.MachineLock;
import dev.plimsoll.process.SteadyClock;
import dev.plimsoll.run.PytestLauncher;
import dev.plimsoll.run.chain.PlaywrightProject;
import dev.plimsoll.run.chain.StageReader;
import dev.plimsoll.run.journal.Resumption;
import dev.plimsoll.run.journal.Unfinished;
import dev.plimsoll.run.plan.RunRequest;
import dev.plimsoll.run.plan.ShardChoice;
import dev.plimsoll.run.plan.WorkerRule;
import dev.plimsoll.ui.Displays;
import dev.plimsoll.ui.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Stack;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// `plimsoll run`: run the tests.
public final class RunCommand extends ProjectCommand<ConfigFlags> {
  private final OptionSpec groups =
      Options.texts("NAME", "Run only this group. Can be repeated.", "--group");
  private final OptionSpec groupWorkers =
      Options.texts("NAME=N", "The workers of this group. Can be repeated.", "--group-workers");
  private @Nullable Path junit;
  private @Nullable Path html;
  private @Nullable Path plan;
  private @Nullable Path records;
  private String shard = "";
  private String board = "";
  private boolean json;
  private String stage = "";
  private String from = "";
  private boolean all;
  private boolean resume;
  private String replay = "";
  private final MoreOutputs outputs = new MoreOutputs();
  private boolean quiet;
  private boolean oversize;
  private @Nullable String keyword;
  private @Nullable String marks;
  private final PositionalParamSpec rest =
      Options.rest(
          "PATH|ID|" + Options.PYTEST,
          "Paths and node ids as in pytest; everything after `--` goes to pytest.");

  private final PytestProcess process = new PytestProcess();

  private EarlyStart early = EarlyStart.of();

  public RunCommand() {
    super(new ConfigFlags());
  }

  /// The command and its options.
  public CommandSpec described() {
    CommandSpec command = CommandSpec.wrapWithoutInspection(this).name("run");
    command
        .usageMessage()
        .description("Run the tests in groups, with parallel workers, within the memory budget.")
        .footer(
            "",
            "Exit codes: 0 to 5 as in pytest; codes of Plimsoll start at 10 (see the README).",
            "pytest's options work as in pytest: `plimsoll run tests/api -xvs --lf --tb=short`.",
            "Put options that Plimsoll does not know, such as those of a conftest.py, after `--`.");
    model(command);
    Options.addHelp(command);
    addSelection(command);
    addShard(command);
    addOutput(command);
    outputs.addTo(command);
    process.addTo(command);
    return command.addPositional(rest).preprocessor(this::sort);
  }

  /// Let picocli see pytest's options after `--`.
  private boolean sort(
      Stack<String> words, CommandSpec command, ArgSpec argument, Map<String, Object> info) {
    List<String> sorted = PytestArguments.sorted(command, List.copyOf(words).reversed());
    words.clear();
    words.addAll(sorted.reversed());
    return false;
  }

  private void addSelection(CommandSpec command) {
    command
        .addOption(groups)
        .addOption(groupWorkers)
        .addOption(
            Options.text(
                name -> stage = name, "NAME", "Run only this stage of the chain.", "--stage"))
        .addOption(
            Options.text(
                name -> from = name,
                "NAME",
                "Run this stage of the chain and the stages that depend on it.",
                "--from"))
        .addOption(
            Options.flag(
                on -> all = on, "Run the pytest groups, then the chain of stages.", "--all"))
        .addOption(
            Options.flag(
                on -> resume = on,
                "Continue the last run that did not finish: run only tests without an outcome.",
                "--resume"))
        .addOption(
            Options.text(
                text -> replay = text,
                "RUN:WORKER",
                "Run the tests that a worker of a recorded run ran, in its order, in one worker.",
                "--replay"))
        .addOption(
            Options.text(
                text -> keyword = text,
                "EXPR",
                "Run only tests whose names match, as in pytest.",
                "-k"))
        .addOption(
            Options.text(
                text -> marks = text,
                "EXPR",
                "Run only tests with these marks, as in pytest.",
                "-m"))
        .addOption(
            Options.flag(
                on -> oversize = on,
                "Run a test that exceeds the budget, alone.",
                "--allow-oversize"));
  }

  private void addShard(CommandSpec command) {
    command
        .addOption(
            Options.text(
                text -> shard = text,
                "K/N",
                "Run only this part of the suite, as one of N machines.",
                "--shard"))
        .addOption(
            Options.text(
                text -> board = text,
                "URL",
                "Run tests of a suite that several machines share on a board (rediss://HOST/RUN).",
                "--join"))
        .addOption(
            Options.value(
                Path.class,
                path -> plan = path,
                "FILE",
                "The plan of the shards, which `plimsoll plan` wrote.",
                "--plan"))
        .addOption(
            Options.value(
                Path.class,
                path -> records = path,
                "FOLDER",
                "Write the shard's record for `plimsoll merge` there (default: "
                    + ShardOptions.FOLDER
                    + ").",
                "--record"));
  }

  private void addOutput(CommandSpec command) {
    command
        .addOption(
            Options.value(
                Path.class, path -> junit = path, "FILE", "Write a JUnit XML report.", "--junit"))
        .addOption(
            Options.value(
                Path.class,
                path -> html = path,
                "FILE",
                "Write an HTML page about the run.",
                "--html"))
        .addOption(
            Options.flag(
                on -> json = on, "Print one JSON document instead of the report.", "--json"))
        .addOption(
            Options.flag(
                on -> quiet = on, "Print only failures and the last line.", "-q", "--quiet"));
  }

  /// The bootstrap that started before the command line was parsed.
  public void begun(EarlyStart begun) {
    early = begun;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!replay.isEmpty()) {
      flags.set(Keys.WORKERS, "--replay", "1");
    }
    Config config = flags.load();
    return switch (wanted(config)) {
      case STAGES -> {
        // A stage may take long and starts what it needs itself; and the machine is probed for
        // containment by one at a time.
        early.close();
        yield runStages(config);
      }
      case GROUPS -> runGroups(config);
      case BOTH -> runBoth(config);
    };
  }

  /// What to run.
  private enum Wanted {
    GROUPS,
    STAGES,
    BOTH
  }

  /// A project with stages and without pytest files runs its stages.
  private Wanted wanted(Config config) {
    refuseOutsideShards(config);
    if (!stage.isEmpty() || !from.isEmpty()) {
      refuse("`--stage` and `--from`", selectsTests() || all || outputs.wanted());
      return Wanted.STAGES;
    }
    refuse(
        "`--all`",
        all && (selectsGroups() || json || junit != null || html != null || outputs.wanted()));
    refuse(
        "`--replay`",
        !replay.isEmpty() && (resume || !groups().isEmpty() || !arguments().isEmpty()));
    List<String> stages = StageReader.names(config);
    boolean whole = !selectsGroups() && !stages.isEmpty();
    if (whole && !PlaywrightProject.hasPytest(config.root())) {
      return Wanted.STAGES;
    }
    if (all) {
      return StageReader.hasPytest(config)
          ? Wanted.STAGES
          : stages.isEmpty() ? Wanted.GROUPS : Wanted.BOTH;
    }
    if (whole && !quiet) {
      say("the chain " + String.join(", ", stages) + " does not run; `--all` runs it too");
    }
    return Wanted.GROUPS;
  }

  private void refuseOutsideShards(Config config) {
    if (!shard.isEmpty()
        && stage.isEmpty()
        && !StageReader.names(config).isEmpty()
        && !PlaywrightProject.hasPytest(config.root())) {
      throw new UserError(
          "a chain cannot be divided into shards",
          "a shard is a part of the pytest tests, which this project does not have, or of one"
              + " Playwright stage",
          "name the stage: `--shard " + shard + " --stage NAME`",
          ExitCode.USAGE);
    }
    boolean chain = all || !stage.isEmpty() || !from.isEmpty();
    if (!board.isEmpty() && (chain || resume || !replay.isEmpty() || !shard.isEmpty())) {
      throw new UserError(
          "`--join` cannot be combined with `--shard`, `--all`, `--stage`, `--from`, `--resume` and"
              + " `--replay`",
          "the board says which pytest tests this machine runs",
          "leave the other option out; `--join` alone continues a run that this machine left",
          ExitCode.USAGE);
    }
    if (!shard.isEmpty() && (all || !from.isEmpty() || resume || !replay.isEmpty())) {
      throw new UserError(
          "`--shard` cannot be combined with `--all`, `--from`, `--resume` and `--replay`",
          "a shard is a part of the pytest tests or of one Playwright stage, and one that was lost"
              + " runs again from its start",
          "leave the other option out",
          ExitCode.USAGE);
    }
    if (shard.isEmpty() && (plan != null || records != null)) {
      throw new UserError(
          "`--plan` and `--record` need `--shard`",
          "without it, this run is for all tests",
          "`--shard K/N --plan FILE`",
          ExitCode.USAGE);
    }
  }

  private boolean selectsGroups() {
    return !shard.isEmpty() || selectsTests();
  }

  private boolean selectsTests() {
    return resume
        || !replay.isEmpty()
        || !board.isEmpty()
        || !groups().isEmpty()
        || !arguments().isEmpty();
  }

  private static void refuse(String option, boolean mixed) {
    if (mixed) {
      throw new UserError(
          option + " cannot be combined with the other arguments",
          "paths, `-k`, `-m`, `--group` and `--resume` select pytest tests, `--stage` and `--from`"
              + " select stages; `--all` runs both and has no single `--json`, `--junit`, `--html`,"
              + " `--events`, `--trace-file` or `--notify`; `--replay` selects its own tests",
          "use two commands, one after the other",
          ExitCode.USAGE);
    }
  }

  /// Run both, even if the first one fails. The first exit code that is not 0 counts.
  private int runBoth(Config config) throws IOException, InterruptedException {
    int first = runGroups(config);
    if (first == ExitCode.INTERRUPTED.code()) {
      return first;
    }
    int second = runStages(config);
    return first == 0 || first == ExitCode.NO_TESTS.code() ? second : first;
  }

  private int runGroups(Config config) throws IOException, InterruptedException {
    Optional<Unfinished> before =
        resume ? Optional.of(unfinished(PytestLauncher.journals(config.root()))) : Optional.empty();
    before.ifPresent(run -> Resumption.report(run).forEach(this::say));
    var report = new JunitReport(junit, this::warn);
    InstantSource clock = SteadyClock.source();
    RunSummary summary;
    EventSinks sinks =
        new EventSinks(config, options(config), report, command(), this::warn).html(config, html);
    try (report;
        sinks;
        MachineLock.Lease lease = share(config)) {
      Objects.requireNonNull(lease);
      outputs.attach(sinks, config, this::warn);
      if (!json && !quiet) {
        sinks.addReport(new BesideNote(sinks.store(), this::say));
      }
      RunRequest request = request(config, before, report, recorded(config, sinks));
      summary =
          new PytestLauncher(clock, this::warn, early::next)
              .run(
                  request,
                  sinks.store(),
                  before.map(Unfinished::ended).orElse(Map.of()),
                  sinks,
                  Interrupts::call);
    }
    boolean named = !groups().isEmpty() && arguments().isEmpty();
    if (named && summary.exitCode() == ExitCode.NO_TESTS.code() && !quiet) {
      say(
          "no test is in %s; `plimsoll groups list` shows what is in each group"
              .formatted(String.join(", ", groups())));
    }
    return sinks.exitCode(summary.exitCode());
  }

  /// Browser suites never run at the same time as pytest, even from another terminal.
  private MachineLock.Lease share(Config config) throws IOException, InterruptedException {
    return new MachineLock(UserFolder.runtime(System.getenv()))
        .acquire(
            MachineLock.Mode.SHARED,
            "plimsoll run in " + config.root(),
            who -> {
              early.close(); // this may take long
              say("plimsoll run " + MachineLock.waits(who));
            });
  }

  /// What is asked for now; a resumed run without arguments asks for what it asked for before.
  private RunRequest request(
      Config config, Optional<Unfinished> before, JunitReport report, Optional<Replay> recorded) {
    boolean asked = before.isEmpty() || !groups().isEmpty() || !arguments().isEmpty();
    List<String> wanted =
        known(asked ? groups() : before.map(Unfinished::groups).orElse(List.of()), config);
    WorkerRule rule = Calibrations.rule(config, this::warn);
    var counts = GroupCounts.of(Options.texts(groupWorkers), config);
    return new RunRequest(
        config,
        process.start(flags.python(config)),
        flags.current(),
        wanted,
        coloured(
            recorded
                .map(Replay::files)
                .orElseGet(() ->
                    asked ? arguments() : before.map(Unfinished::arguments).orElse(List.of()))),
        environment(report),
        counts.orElse(group -> rule.group(group, wanted.contains(group.name()))),
        oversize,
        recorded.map(Replay::tests).orElse(List.of()),
        command(),
        shard(),
        board.isEmpty() ? Optional.empty() : Optional.of(board));
  }

  private Optional<Replay> recorded(Config config, EventSinks sinks) {
    Optional<Replay> recorded =
        replay.isEmpty()
            ? Optional.empty()
            : Optional.of(Replay.of(replay, config.root(), sinks.store()));
    recorded.map(Replay::words).filter(_ -> !quiet).ifPresent(this::say);
    return recorded;
  }

  private Optional<ShardChoice> shard() {
    if (shard.isEmpty()) {
      return Optional.empty();
    }
    if (plan == null && !System.getenv().getOrDefault("CI", "").isBlank()) {
      warn(
          "the shards are not balanced by time, because `--plan` is missing: make a plan once with"
              + " `plimsoll plan --shards N --output plan.json`, and give it to all shards");
    }
    Path base = flags.current();
    Path folder = records == null ? Path.of(ShardOptions.FOLDER) : records;
    var options =
        new ShardOptions(shard, plan == null ? null : base.resolve(plan), base.resolve(folder));
    return Optional.of(options.choice());
  }

  private Map<String, String> environment(JunitReport report) {
    var variables = new HashMap<>(process.environment());
    variables.putAll(report.environment());
    return variables;
  }

  private static Unfinished unfinished(Path journals) throws IOException {
    return Unfinished.latest(journals)
        .orElseThrow(() ->
            new UserError(
                "there is no run to resume",
                "the last run in `" + journals + "` finished, or there was none",
                "start a new run without `--resume`",
                ExitCode.USAGE));
  }

  private int runStages(Config config) throws IOException {
    return new StageRun(spec, config, () -> flags.python(config))
        .run(new StageRun.Request(stage, from, options(config), junit, html, shard()));
  }

  private static List<String> known(List<String> names, Config config) {
    return names.stream().map(name -> GroupName.known(name, config)).toList();
  }

  private List<String> groups() {
    return Options.texts(groups).stream().flatMap(names -> Stream.of(names.split(","))).toList();
  }

  private List<String> arguments() {
    var all = new ArrayList<String>();
    if (keyword != null) {
      all.addAll(List.of("-k", keyword));
    }
    if (marks != null) {
      all.addAll(List.of("-m", marks));
    }
    all.addAll(Options.texts(rest));
    return all;
  }

  /// pytest writes to a pipe and would not see that it ends in a terminal.
  private static List<String> coloured(List<String> arguments) {
    boolean chosen = arguments.stream().anyMatch(argument -> argument.startsWith("--color"));
    if (chosen || !Terminal.standard().hasColour(Terminal.standard().out())) {
      return arguments;
    }
    var all = new ArrayList<>(arguments);
    all.add("--color=yes");
    return all;
  }

  private String command() {
    return String.join(" ", spec.commandLine().getParseResult().originalArgs());
  }

  private Displays.OutputOptions options(Config config) {
    boolean progress =
        switch (config.get(Keys.TERMINAL_PROGRESS)) {
          case AUTO -> Terminal.standard().showsProgress();
          case ALWAYS -> true;
          case NEVER -> false;
        };
    return new Displays.OutputOptions(
        quiet, json, process.printsAsPytest(), Displays.OutputOptions.DEFAULT.slow(), progress);
  }
}
