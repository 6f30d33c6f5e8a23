package dev.plimsoll.cli.shard;

import dev.plimsoll.cli.EventSinks;
import dev.plimsoll.cli.ProjectCommand;
import dev.plimsoll.cli.ProjectFlags;
import dev.plimsoll.cli.report.JunitReport;
import dev.plimsoll.config.Config;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.shard.Merge;
import dev.plimsoll.shard.MergedRun;
import dev.plimsoll.shard.ShardRecord;
import dev.plimsoll.ui.Displays;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `plimsoll merge`: one run of what all shards recorded.
@Command(
    name = "merge",
    mixinStandardHelpOptions = true,
    description = {
      "Merge the records of all shards into one run: report, history, and pytest's `--lf`.",
      "A test without a result counts as not run, and the exit code is 14."
    })
public final class MergeCommand extends ProjectCommand<ProjectFlags> {
  public MergeCommand() {
    super(new ProjectFlags());
  }

  @Parameters(paramLabel = "FOLDER", description = "the folder with the records of all shards")
  private Path folder = Path.of(ShardOptions.FOLDER);

  @Option(names = "--plan", paramLabel = "FILE", description = "the plan that the shards had")
  private @Nullable Path plan;

  @Option(
      names = "--shards",
      paramLabel = "N",
      description = "how many shards there were, if they ran without a plan")
  private int shards;

  @Option(names = "--junit", paramLabel = "FILE", description = "write a JUnit XML report")
  private @Nullable Path junit;

  @Option(names = "--html", paramLabel = "FILE", description = "write the run as one page")
  private @Nullable Path html;

  @Option(names = "--json", description = "print one JSON document instead of the report")
  private boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "print only failures and the last line")
  private boolean quiet;

  @Option(
      names = "--cov",
      description = "combine the coverage of the shards into .coverage, and report it")
  private boolean coverage;

  @Option(
      names = "--cov-fail-under",
      paramLabel = "PERCENT",
      description = "fail if all shards together cover less; implies --cov")
  private @Nullable String failUnder;

  @Override
  public Integer call() throws InterruptedException {
    Config config = flags.load();
    PlanFile file = PlanFile.orEven(plan == null ? null : flags.current().resolve(plan), shards);
    var records = new RecordFolder(flags.current().resolve(folder));
    List<ShardRecord> found = records.records();
    String command = String.join(" ", spec.commandLine().getParseResult().originalArgs());
    MergedRun merged = Merge.of(found, file.plan(), file.digest(), "merge " + command);
    int tests = report(config, merged);
    LastFailed.write(config.root(), merged.summary());
    boolean wanted = coverage || failUnder != null;
    int covered = wanted ? cover(config, records, merged) : ExitCode.OK.code();
    return tests == ExitCode.OK.code() ? covered : tests;
  }

  private int report(Config config, MergedRun merged) {
    RunSummary run = merged.summary();
    var report = new JunitReport(junit, this::warn);
    var options = new Displays.OutputOptions(quiet, json, Displays.OutputOptions.DEFAULT.slow());
    EventSinks sinks =
        new EventSinks(config, options, report, run.command(), this::warn).html(config, html);
    try (report;
        sinks) {
      Instant end = run.start().plus(run.duration());
      sinks.accept(
          new RunEvent.Started(
              run.start(),
              run.id(),
              run.engine(),
              run.mode(),
              run.machine(),
              run.budget(),
              "the records of shards"));
      sinks.accept(
          new RunEvent.Collected(
              run.start(), run.results().size(), 0, groups(run.results()), -1, false));
      note(sinks, end, merged.notes(), RunEvent.Level.INFO);
      run.results().stream()
          .filter(result -> result.outcome() != Outcome.NOT_RUN)
          .forEach(result -> sinks.accept(new RunEvent.TestFinished(end, result)));
      note(sinks, end, merged.missing(), RunEvent.Level.WARNING);
      sinks.accept(new RunEvent.Finished(end, run));
    }
    return sinks.exitCode(run.exitCode());
  }

  private static void note(EventSinks sinks, Instant at, List<String> texts, RunEvent.Level level) {
    texts.forEach(text -> sinks.accept(new RunEvent.Note(at, level, text)));
  }

  private static Map<String, Integer> groups(List<TestResult> results) {
    var groups = new LinkedHashMap<String, Integer>();
    results.forEach(result -> groups.merge(result.group(), 1, Integer::sum));
    return groups;
  }

  private int cover(Config config, RecordFolder records, MergedRun merged)
      throws InterruptedException {
    return new MergedCoverage(flags.python(config), flags.current(), this::say)
        .report(records, merged.runs(), failUnder == null ? "" : failUnder);
  }

  private void say(String text) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(text);
    err.flush();
  }

  private void warn(String text) {
    say("warning: " + text);
  }
}
