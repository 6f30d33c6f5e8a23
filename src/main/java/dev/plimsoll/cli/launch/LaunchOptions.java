package dev.plimsoll.cli.launch;

import dev.plimsoll.cli.shard.MachineOptions;
import dev.plimsoll.cli.shard.PlanFile;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.config.schema.MachineSpec;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import dev.plimsoll.store.StoreUrl;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// How many machines there are, and what each of them runs.
final class LaunchOptions {
  @Option(
      names = {"-N", "--nodes"},
      paramLabel = "N",
      description = "The number of machines (default: that of the plan, or `shards.machines`).")
  private @Nullable Integer nodes;

  @Option(
      names = "--machine",
      paramLabel = "SPEC",
      description =
          "Cores and memory of each, such as `4c 15g` (default: `shards.machines`, else those of"
              + " this machine).")
  private List<String> machines = List.of();

  @Option(
      names = "--join",
      paramLabel = "URL",
      description = "Each machine joins this board, as with `plimsoll run --join URL`.")
  private @Nullable String board;

  @Option(
      names = "--plan",
      paramLabel = "FILE",
      description = "Each machine runs one shard of this plan, as with `plimsoll run --shard K/N`.")
  private @Nullable Path plan;

  @Parameters(
      paramLabel = "ARGS",
      description = "The options of `plimsoll run` on each machine, after `--`.")
  private List<String> arguments = List.of();

  /// What these options mean.
  ///
  /// @param current the folder of relative paths
  /// @param ownBoard where the machines meet when the user does not say, null for nowhere
  /// @throws UserError when the machines differ, or nobody knows what they run
  Launch launch(Config config, Path current, @Nullable String ownBoard) {
    String board = this.board == null && plan == null ? ownBoard : this.board;
    if ((board == null) == (plan == null)) {
      throw usage(
          "nobody knows what the machines run",
          "they share a board (`--join`; with Slurm also `--shared`) or have a shard each"
              + " (`--plan`)",
          "use one of the options");
    }
    int shards = plan == null ? 0 : PlanFile.read(current.resolve(plan)).plan().size();
    if (board != null) {
      StoreUrl.parse(board);
    }
    Integer wanted = nodes == null && shards > 0 ? Integer.valueOf(shards) : nodes;
    boolean configured = !config.get(Keys.SHARDS_MACHINES).isEmpty();
    var specs = new MachineOptions(machines, configured ? null : wanted).specs(config);
    MachineSpec machine = specs.getFirst();
    if (specs.stream().anyMatch(other -> !other.name().equals(machine.name()))) {
      throw usage(
          "the machines differ",
          specs.stream().map(MachineSpec::name).distinct().toList().toString(),
          "use `--machine`, and launch each kind separately");
    }
    int count = wanted != null ? wanted : specs.stream().mapToInt(MachineSpec::count).sum();
    if (shards > 0 && count != shards) {
      throw usage(
          "`-N " + count + "` does not fit the plan",
          "the plan has " + shards + " shards",
          "use `-N " + shards + "`, or make another plan");
    }
    return new Launch(count, machine, board, plan, arguments);
  }

  /// Whether the user says neither a board nor a plan.
  boolean isDefault() {
    return board == null && plan == null;
  }

  static UserError usage(String what, String why, String hint) {
    return new UserError(what, why, hint, ExitCode.USAGE);
  }
}
