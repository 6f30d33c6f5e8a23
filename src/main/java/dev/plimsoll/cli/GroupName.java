package dev.plimsoll.cli;

import dev.plimsoll.config.Config;
import dev.plimsoll.config.Keys;
import dev.plimsoll.config.Nearest;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.util.List;
import java.util.Optional;

/// Names of groups as arguments.
final class GroupName {
  private GroupName() {}

  /// The name itself.
  ///
  /// @throws UserError ({@link ExitCode#USAGE}) when no group is called so
  static String known(String name, Config config) {
    List<String> names = config.get(Keys.GROUPS_ORDER);
    if (names.contains(name)) {
      return name;
    }
    Optional<String> near = Nearest.to(name, names);
    throw new UserError(
        "no group is called `" + name + "`",
        "the groups are " + String.join(", ", names),
        near.map(word -> "did you mean `" + word + "`?").orElse("`groups.order` names the groups"),
        ExitCode.USAGE);
  }
}
