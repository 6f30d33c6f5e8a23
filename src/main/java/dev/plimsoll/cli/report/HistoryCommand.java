package dev.plimsoll.cli.report;

import dev.plimsoll.cli.JsonText;
import dev.plimsoll.cli.ProjectCommand;
import dev.plimsoll.cli.ProjectFlags;
import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.history.RunLine;
import dev.plimsoll.history.TestLine;
import dev.plimsoll.history.TestSorting;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.UserError;
import dev.plimsoll.report.Moment;
import dev.plimsoll.report.RunText;
import dev.plimsoll.report.Style;
import dev.plimsoll.report.TerminalText;
import dev.plimsoll.report.Words;
import dev.plimsoll.report.json.RunJson;
import dev.plimsoll.shard.CostsDocument;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/// List the recorded runs and tests of a project.
@Command(
    name = "history",
    mixinStandardHelpOptions = true,
    description = "List the recorded runs, newest first; those of calibrations with `--all`.",
    subcommands = {HistoryFlakyCommand.class, HistoryCompareCommand.class})
public final class HistoryCommand extends ProjectCommand<ProjectFlags> {
  /// No cause is cut: what a run prints as it ends shows only its beginning.
  private static final int WIDTH = 1000;

  private static final String NO_RUNS = "no runs recorded yet";
  private static final String NO_TESTS = "no test recorded yet";

  public HistoryCommand() {
    super(new ProjectFlags(ScopeType.INHERIT));
  }

  @Option(
      names = "-n",
      paramLabel = "N",
      defaultValue = "20",
      description = "lines to print (default: 20)")
  private int limit;

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  @Option(names = "--all", description = "list the runs of calibrations too")
  private boolean all;

  @Override
  public Integer call() {
    try (HistoryStore store = store()) {
      int most = atLeastOne(limit);
      List<RunLine> runs = all ? store.runs(most) : store.ownRuns(most);
      print(spec, json, "runs", runs, HistoryCommand::tree, HistoryCommand::line, NO_RUNS);
    }
    return ExitCode.OK.code();
  }

  /// Show one recorded run as its own summary did.
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Show the summary of a recorded run.")
  int show(
      @Parameters(
              paramLabel = "RUN",
              arity = "0..1",
              description = "id of the run, which `plimsoll history` lists (default: the last run)")
          @Nullable String id,
      @Option(names = "--json", description = "print JSON") boolean asJson) {
    try (HistoryStore store = store()) {
      RunSummary run = id == null ? last(store) : run(store, id);
      PrintWriter out = spec.commandLine().getOut();
      out.print(
          asJson
              ? JsonText.write(RunJson.tree(run))
              : head(run) + RunText.summary(run, Style.PLAIN, WIDTH));
      out.flush();
    }
    return ExitCode.OK.code();
  }

  private static String head(RunSummary run) {
    return TerminalText.clean(
            "run %s of %s: %s".formatted(run.id(), Moment.text(run.start()), run.commandLine()))
        + "\n";
  }

  private static RunSummary last(HistoryStore store) {
    return store
        .newestOwn()
        .orElseThrow(() ->
            new UserError(
                "there is no recorded run", "", "`plimsoll run` records one", ExitCode.USAGE));
  }

  /// The recorded run with this id.
  ///
  /// @throws UserError when there is none
  static RunSummary run(HistoryStore store, String id) {
    return store
        .run(id)
        .orElseThrow(() ->
            new UserError(
                "there is no recorded run `" + id + "`",
                "it was not recorded in this project, or it was old and has been deleted",
                "`plimsoll history` lists the runs",
                ExitCode.USAGE));
  }

  /// List tests with their figures over all recorded runs.
  @Command(
      name = "tests",
      mixinStandardHelpOptions = true,
      description = "List the slowest tests (mean duration), or the largest (peak memory).")
  int tests(
      @Option(names = "--slowest", description = "sort by mean duration (default)") boolean slowest,
      @Option(names = "--largest", description = "sort by peak memory") boolean largest,
      @Option(
              names = "-n",
              paramLabel = "N",
              defaultValue = "20",
              description = "lines to print (default: 20)")
          int count,
      @Option(names = "--json", description = "print JSON") boolean asJson) {
    if (slowest && largest) {
      throw new UserError(
          "`--slowest` and `--largest` cannot be used together",
          "a list has one sort order",
          "",
          ExitCode.USAGE);
    }
    try (HistoryStore store = store()) {
      TestSorting order = largest ? TestSorting.LARGEST : TestSorting.SLOWEST;
      List<TestLine> lines = store.tests(order, atLeastOne(count));
      print(spec, asJson, "tests", lines, HistoryCommand::tree, HistoryCommand::line, NO_TESTS);
    }
    return ExitCode.OK.code();
  }

  /// Write what `plimsoll plan` needs to know of each test.
  @Command(
      name = "export",
      mixinStandardHelpOptions = true,
      description =
          "Write what each test costs, for `plimsoll plan --history FILE` on another machine.")
  int export(
      @Option(names = "--output", paramLabel = "FILE", description = "the file (default: stdout)")
          @Nullable Path file) {
    try (HistoryStore store = store()) {
      String text = JsonText.write(CostsDocument.tree(store.costs()));
      if (file == null) {
        spec.commandLine().getOut().print(text);
        spec.commandLine().getOut().flush();
      } else {
        new ReportFile(flags.current().resolve(file)).write(text);
      }
    }
    return ExitCode.OK.code();
  }

  static int atLeastOne(int count) {
    if (count < 1) {
      throw new UserError(
          "`-n " + count + "` cannot be used", "must be a positive integer", "", ExitCode.USAGE);
    }
    return count;
  }

  HistoryStore store() {
    PrintWriter err = spec.commandLine().getErr();
    return new HistoryStore(
        flags.load().root(), InstantSource.system(), text -> err.println("warning: " + text));
  }

  /// @param nothing printed to stderr when there are no lines
  static <T> void print(
      CommandSpec spec,
      boolean json,
      String name,
      List<T> lines,
      Function<T, Map<String, Object>> tree,
      Function<T, String> text,
      String nothing) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.print(JsonText.write(Map.of("schema", 1, name, lines.stream().map(tree).toList())));
    } else if (lines.isEmpty()) {
      spec.commandLine().getErr().println(nothing);
      spec.commandLine().getErr().flush();
    } else {
      lines.forEach(line -> out.print(text.apply(line) + "\n"));
    }
    out.flush();
  }

  private static String line(RunLine run) {
    String state = run.finished() ? "exit " + run.exitCode() : "unfinished";
    String workers =
        run.workers().entrySet().stream()
            .map(group -> group.getKey() + " " + group.getValue())
            .collect(Collectors.joining(", "));
    return "%s  %s  %-10s  %8s  %9s  %s  %s%s"
        .formatted(
            TerminalText.clean(run.id()),
            Moment.text(run.start()),
            state,
            Words.time(run.duration()),
            run.peak().isPositive() ? run.peak().toString() : "-",
            Words.counts(run.counts(), Style.PLAIN),
            run.engine(),
            workers.isEmpty() ? "" : " (" + TerminalText.clean(workers) + ")");
  }

  private static String line(TestLine test) {
    return "%8s mean  %8s longest  %9s  %-9s  %3d x  %s"
        .formatted(
            Words.time(test.mean()),
            Words.time(test.longest()),
            test.largest().isPositive() ? test.largest().toString() : "-",
            test.last().word(),
            test.runs(),
            TerminalText.clean(test.id()));
  }

  private static Map<String, Object> tree(RunLine run) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("run", run.id());
    tree.put("start", run.start().toString());
    tree.put("seconds", run.duration().toNanos() / 1e9);
    tree.put("finished", run.finished());
    tree.put("command", run.command());
    tree.put("engine", run.engine());
    tree.put("mode", run.mode());
    tree.put("workers", run.workers());
    tree.put("machine", run.machine().key());
    var counts = new LinkedHashMap<String, Integer>();
    run.counts().forEach((outcome, count) -> counts.put(outcome.word(), count));
    tree.put("counts", counts);
    tree.put("peakBytes", run.peak().value());
    tree.put("source", run.source().word());
    tree.put("exitCode", run.exitCode());
    return tree;
  }

  private static Map<String, Object> tree(TestLine test) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("id", test.id());
    tree.put("runs", test.runs());
    tree.put("meanSeconds", test.mean().toNanos() / 1e9);
    tree.put("longestSeconds", test.longest().toNanos() / 1e9);
    tree.put("largestBytes", test.largest().value());
    tree.put("source", test.source().word());
    tree.put("last", test.last().word());
    return tree;
  }
}
