package dev.plimsoll.cli.shard;

import dev.plimsoll.cli.JsonText;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import dev.plimsoll.run.plan.Digest;
import dev.plimsoll.shard.PlanDocument;
import dev.plimsoll.shard.ShardPlan;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A plan as it stands in a file.
///
/// @param digest of what the plan says, however the file is laid out
public record PlanFile(ShardPlan plan, String digest) {
  /// Read it.
  ///
  /// @throws UserError when it is no plan
  public static PlanFile read(Path file) {
    return of(PlanDocument.read(JsonText.read(file), file.toString()));
  }

  /// The plan of shards that nobody planned: each unit goes where its hash says.
  ///
  /// @throws UserError when there is neither a plan nor a number of shards
  public static PlanFile orEven(@Nullable Path file, int shards) {
    if (file != null) {
      return read(file);
    }
    if (shards < 1) {
      throw new UserError(
          "the plan is missing",
          "without it, nobody knows how many shards there are",
          "`plimsoll merge FOLDER --plan plan.json`, or `--shards N` where the shards ran without"
              + " a plan",
          ExitCode.USAGE);
    }
    return of(ShardPlan.even(shards));
  }

  private static PlanFile of(ShardPlan plan) {
    return new PlanFile(plan, Digest.of(JsonText.write(PlanDocument.tree(plan))));
  }
}
