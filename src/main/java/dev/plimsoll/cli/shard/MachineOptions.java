package dev.plimsoll.cli.shard;

import dev.plimsoll.config.Config;
import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.config.schema.MachineSpec;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Machine;
import dev.plimsoll.model.UserError;
import dev.plimsoll.run.plan.ThisMachine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which machines a command means.
///
/// @param machines as users write them, none for those of the configuration
/// @param count of machines, null when the user gave none
public record MachineOptions(List<String> machines, @Nullable Integer count) {
  public MachineOptions {
    machines = List.copyOf(machines);
  }

  /// The machines. Without any, `count` machines like this one.
  ///
  /// @throws UserError when one cannot be read, or nobody knows how many there are
  public List<MachineSpec> specs(Config config) {
    if (!machines.isEmpty()) {
      return machines.stream()
          .map(text -> MachineSpec.read(text).orElseThrow(() -> wrong(text)))
          .toList();
    }
    List<MachineSpec> configured = config.get(Keys.SHARDS_MACHINES);
    if (count == null && !configured.isEmpty()) {
      return configured;
    }
    Machine here = ThisMachine.read();
    Bytes memory = Bytes.mib(here.memory().toMib());
    return List.of(new MachineSpec(likeThis(), here.cores(), memory, 1));
  }

  private int likeThis() {
    Integer wanted = count;
    if (wanted == null || wanted < 1) {
      throw new UserError(
          "the number of machines is missing",
          "`shards.machines` of the configuration is empty, and no option has a number from 1",
          "`plimsoll plan --shards 4`, `plimsoll launch slurm -N 4`, or `--machine \"4x 4c 15g\"`",
          ExitCode.USAGE);
    }
    return wanted;
  }

  private static UserError wrong(String text) {
    return new UserError(
        "`--machine` cannot be `" + text + "`",
        "it must be a count, cores and memory",
        "`--machine \"4x 4c 15g\"`",
        ExitCode.USAGE);
  }
}
