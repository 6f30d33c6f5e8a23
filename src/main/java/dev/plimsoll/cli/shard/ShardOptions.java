package dev.plimsoll.cli.shard;

import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import dev.plimsoll.run.plan.ShardChoice;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The options of `plimsoll run` for one shard.
///
/// @param shard such as `2/4`
/// @param plan what `plimsoll plan` wrote, null when the shards have none
/// @param records where the record goes
public record ShardOptions(String shard, @Nullable Path plan, Path records) {
  /// Not hidden: CI systems leave hidden files out of artifacts.
  public static final String FOLDER = "plimsoll-shards";

  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,4})/([1-9][0-9]{0,4})");

  /// The shard that is meant.
  ///
  /// @throws UserError when there is no such shard
  public ShardChoice choice() {
    var matcher = FORM.matcher(shard);
    if (!matcher.matches() || Integer.parseInt(matcher.group(1)) > of(matcher.group(2))) {
      throw new UserError(
          "`--shard` cannot be `" + shard + "`",
          "it must be K/N, with K from 1 to N",
          "`--shard 2/4`",
          ExitCode.USAGE);
    }
    PlanFile file = PlanFile.orEven(plan, of(matcher.group(2)));
    if (file.plan().size() != of(matcher.group(2))) {
      throw new UserError(
          "`--shard " + shard + "` does not fit the plan",
          "the plan has " + file.plan().size() + " shards",
          "use `--shard K/" + file.plan().size() + "`, or make another plan",
          ExitCode.USAGE);
    }
    return new ShardChoice(
        Integer.parseInt(matcher.group(1)) - 1, file.plan(), file.digest(), records);
  }

  private static int of(String number) {
    return Integer.parseInt(number);
  }
}
