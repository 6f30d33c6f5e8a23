package dev.plimsoll.cli.shard;

import dev.plimsoll.cli.OutputFlags;
import dev.plimsoll.cli.ProjectCommand;
import dev.plimsoll.cli.ProjectFlags;
import dev.plimsoll.config.Config;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.shard.Merge;
import dev.plimsoll.shard.MergedRun;
import dev.plimsoll.shard.ShardRecord;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  @Mixin private final OutputFlags output = new OutputFlags();

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
    int tests = new MergedOutput(output).write(config, merged, this::warn);
    boolean wanted = coverage || failUnder != null;
    int covered = wanted ? cover(config, records, merged) : ExitCode.OK.code();
    return tests == ExitCode.OK.code() ? covered : tests;
  }

  private int cover(Config config, RecordFolder records, MergedRun merged)
      throws InterruptedException {
    return new MergedCoverage(flags.python(config), flags.current(), this::say)
        .report(records, merged.runs(), failUnder == null ? "" : failUnder);
  }
}
