package dev.plimsoll.cli.shard;

import dev.plimsoll.cli.JsonText;
import dev.plimsoll.cli.ProjectCommand;
import dev.plimsoll.cli.ProjectFlags;
import dev.plimsoll.cli.report.ReportFile;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.Entry;
import dev.plimsoll.config.schema.MachineSpec;
import dev.plimsoll.estimate.TestCost;
import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Machine;
import dev.plimsoll.report.Words;
import dev.plimsoll.run.chain.StageReader;
import dev.plimsoll.run.plan.MemoryRules;
import dev.plimsoll.run.plan.WorkerRule;
import dev.plimsoll.schedule.budget.BudgetRule;
import dev.plimsoll.shard.CostsDocument;
import dev.plimsoll.shard.Packer;
import dev.plimsoll.shard.PlanDocument;
import dev.plimsoll.shard.ShardMachine;
import dev.plimsoll.shard.ShardPlan;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Divide the suite among machines, by what history knows of its tests; pytest does not start.
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = {
      "Divide the suite among machines by recorded times and memory.",
      "Make the plan once per CI run and give the same file to all shards:"
          + " `plimsoll run --shard K/N --plan FILE`."
    })
public final class PlanCommand extends ProjectCommand<ProjectFlags> {
  public PlanCommand() {
    super(new ProjectFlags());
  }

  @Option(
      names = "--shards",
      paramLabel = "N",
      description = "N machines like this one (default: `shards.machines` of the configuration)")
  private @Nullable Integer count;

  @Option(
      names = "--machine",
      paramLabel = "SPEC",
      description = "machines such as `4x 4c 15g` or `1x 16c 62g speed 1.5`; can be repeated")
  private List<String> machines = List.of();

  @Option(
      names = "--history",
      paramLabel = "FILE",
      description = "what `plimsoll history export` wrote (default: the project's own history)")
  private @Nullable Path history;

  @Option(
      names = "--stage",
      paramLabel = "NAME",
      description = "divide this Playwright stage (default: the pytest tests)")
  private String stage = "";

  @Option(names = "--output", paramLabel = "FILE", description = "the plan (default: stdout)")
  private @Nullable Path output;

  @Override
  public Integer call() {
    Config config = flags.load();
    if (!stage.isEmpty()) {
      StageReader.select(StageReader.read(config), stage, "");
    }
    List<ShardMachine> shards = shards(config);
    List<String> stages = StageReader.names(config);
    List<TestCost> tests =
        tests(config).stream()
            .filter(test ->
                stage.isEmpty() ? !stages.contains(test.group()) : test.group().equals(stage))
            .toList();
    if (tests.isEmpty()) {
      say(
          "warning: the history is empty, so the shards are not balanced by time; merge a first"
              + " run and keep `.plimsoll/history.db` or its export");
    }
    ShardPlan plan = Packer.pack(tests, shards);
    write(JsonText.write(PlanDocument.tree(plan)));
    tell(plan, tests);
    return ExitCode.OK.code();
  }

  private List<TestCost> tests(Config config) {
    Path file = history;
    if (file != null) {
      return CostsDocument.read(JsonText.read(flags.current().resolve(file)), file.toString());
    }
    try (var store = new HistoryStore(config.root(), InstantSource.system(), this::say)) {
      return store.costs();
    }
  }

  private List<ShardMachine> shards(Config config) {
    var shards = new ArrayList<ShardMachine>();
    new MachineOptions(machines, count)
        .specs(config)
        .forEach(spec -> shards.addAll(Collections.nCopies(spec.count(), machine(spec, config))));
    return shards;
  }

  /// What a run of this configuration would have there: its budget and the workers of each group,
  /// or of the stage.
  private ShardMachine machine(MachineSpec spec, Config config) {
    var machine = new Machine(spec.name(), spec.cores(), spec.memory(), "");
    var rule = new WorkerRule(config, machine, List.of(), Map::of);
    var workers = new LinkedHashMap<String, Integer>();
    if (stage.isEmpty()) {
      for (Entry group : config.groups()) {
        workers.put(group.name(), rule.group(group, false).value());
      }
    } else {
      workers.put(stage, rule.stage(stage).value());
    }
    return new ShardMachine(
        spec.name(), budget(spec.memory(), new MemoryRules(config)), spec.speed(), workers);
  }

  private static Bytes budget(Bytes memory, MemoryRules rules) {
    Bytes free = memory.minus(rules.reserve().of(memory)).max(Bytes.ZERO);
    return switch (rules.rule()) {
      case BudgetRule.Auto() -> free;
      case BudgetRule.Fixed(Bytes size) -> size.min(free);
      case BudgetRule.Share(double part) -> memory.times(part).min(free);
    };
  }

  private void write(String text) {
    Path file = output;
    if (file == null) {
      PrintWriter out = spec.commandLine().getOut();
      out.print(text);
      out.flush();
    } else {
      new ReportFile(flags.current().resolve(file)).write(text);
    }
  }

  private void tell(ShardPlan plan, List<TestCost> tests) {
    for (int i = 0; i < plan.size(); i++) {
      int shard = i;
      long units = plan.shards().values().stream().filter(other -> other == shard).count();
      say(
          "shard %d/%d  %s: %s, about %s"
              .formatted(
                  i + 1,
                  plan.size(),
                  plan.machines().get(i).name(),
                  Words.count(units, "unit"),
                  Words.time(Duration.ofMillis(Math.round(plan.seconds().get(i) * 1000)))));
    }
    for (TestCost test : plan.tooLarge(tests)) {
      say(
          "warning: %s is expected to need %s, more than any of these machines has; it is planned on the largest"
              .formatted(test.id(), test.peak()));
    }
  }
}
