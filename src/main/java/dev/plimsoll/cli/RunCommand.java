package dev.plimsoll.cli;

import dev.plimsoll.config.AtomicFile;
import dev.plimsoll.config.Config;
import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.history.RunRecorder;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.UserError;
import dev.plimsoll.report.JunitXml;
import dev.plimsoll.run.PytestLauncher;
import dev.plimsoll.run.Resumption;
import dev.plimsoll.run.RunRequest;
import dev.plimsoll.run.Unfinished;
import dev.plimsoll.ui.Display;
import dev.plimsoll.ui.Displays;
import dev.plimsoll.ui.Streams;
import dev.plimsoll.ui.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `plimsoll run`: run the tests.
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Run the tests in their groups, in parallel workers, within the memory budget.",
    footer = {
      "",
      "Exit codes: 0 to 5 as pytest's; 10 and above are Plimsoll's own (see the README).",
      "Options of pytest follow `--`, as in `plimsoll run tests/api -- --lf -q`."
    })
final class RunCommand implements Callable<Integer> {
  private static final int KEEP_RUNS = 200;

  @Spec private CommandSpec spec;
  @Mixin private ConfigFlags flags;

  @Option(
      names = "--group",
      paramLabel = "NAME",
      description = "Run only this group; may be repeated.")
  private List<String> groups = new ArrayList<>();

  @Option(names = "--junit", paramLabel = "FILE", description = "Write a JUnit XML report.")
  private @Nullable Path junit;

  @Option(
      names = "--json",
      description = "Print one machine-readable summary instead of the report.")
  private boolean json;

  @Option(
      names = "--resume",
      description = "Go on with the last run, which did not finish: only tests without an outcome.")
  private boolean resume;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print only failures and the last line.")
  private boolean quiet;

  @Option(names = "--allow-oversize", description = "Run a test that exceeds the budget alone.")
  private boolean oversize;

  @Option(
      names = "-k",
      paramLabel = "EXPR",
      description = "Only tests whose names match, as in pytest.")
  private @Nullable String keyword;

  @Option(
      names = "-m",
      paramLabel = "EXPR",
      description = "Only tests with these marks, as in pytest.")
  private @Nullable String marks;

  @Parameters(
      paramLabel = "PATH|ID|-- ARGS",
      description = "Paths, node ids; after `--` pytest's own options.")
  private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Config config = flags.load();
    Optional<Unfinished> before =
        resume ? Optional.of(unfinished(PytestLauncher.journals(config.root()))) : Optional.empty();
    before.ifPresent(run -> Resumption.report(run).forEach(this::tell));
    RunRequest request = request(config, before);
    InstantSource clock = InstantSource.system();
    try (var store = new HistoryStore(config.root(), clock, this::warn);
        Display display = Displays.open(wish(), Terminal.standard(), Streams.standard());
        var recorder = new RunRecorder(store, request.command(), KEEP_RUNS, this::warn)) {
      RunSummary summary =
          new PytestLauncher(clock, this::warn)
              .run(
                  request,
                  store,
                  before.map(Unfinished::ended).orElse(Map.of()),
                  event -> show(event, display, recorder),
                  Interrupts::call);
      return finish(summary);
    }
  }

  /// What is asked for now; a resumed run without arguments asks for what it asked for before.
  private RunRequest request(Config config, Optional<Unfinished> before) {
    boolean asked = before.isEmpty() || !groups.isEmpty() || !arguments().isEmpty();
    return new RunRequest(
        config,
        flags.python(config),
        flags.current(),
        known(asked ? groups : before.map(Unfinished::groups).orElse(groups), config),
        asked ? arguments() : before.map(Unfinished::arguments).orElse(List.of()),
        oversize,
        command());
  }

  private static Unfinished unfinished(Path journals) throws IOException {
    return Unfinished.latest(journals)
        .orElseThrow(() ->
            new UserError(
                "there is nothing to resume",
                "the last run in `" + journals + "` finished, or there was none",
                "start a run without `--resume`",
                ExitCode.USAGE));
  }

  private void tell(String text) {
    spec.commandLine().getErr().println(text);
    spec.commandLine().getErr().flush();
  }

  private static void show(RunEvent event, Display display, RunRecorder recorder) {
    display.accept(event);
    recorder.accept(event);
  }

  private int finish(RunSummary summary) throws IOException {
    Path file = junit;
    if (file != null) {
      AtomicFile.write(file.toAbsolutePath(), JunitXml.of(summary));
    }
    return summary.exitCode();
  }

  private static List<String> known(List<String> names, Config config) {
    return names.stream().map(name -> GroupName.known(name, config)).toList();
  }

  private List<String> arguments() {
    var all = new ArrayList<String>();
    if (keyword != null) {
      all.addAll(List.of("-k", keyword));
    }
    if (marks != null) {
      all.addAll(List.of("-m", marks));
    }
    all.addAll(arguments);
    return all;
  }

  private String command() {
    return String.join(" ", spec.commandLine().getParseResult().originalArgs());
  }

  private Displays.Wish wish() {
    return new Displays.Wish(quiet, json, Displays.Wish.DEFAULT.slow());
  }

  private void warn(String text) {
    tell("warning: " + text);
  }
}
