package dev.plimsoll.cli;

import dev.plimsoll.config.Config;
import dev.plimsoll.config.Entry;
import dev.plimsoll.config.Nearest;
import dev.plimsoll.config.schema.GroupKeys;
import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.config.schema.Workers;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import dev.plimsoll.run.chain.StageReader;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Names of groups as arguments.
public final class GroupName {
  private GroupName() {}

  /// The name itself.
  ///
  /// @throws UserError ({@link ExitCode#USAGE}) if no group has this name
  public static String known(String name, Config config) {
    List<String> names = config.get(Keys.GROUPS_ORDER);
    if (names.contains(name)) {
      return name;
    }
    throw unknown("group", name, names, "the groups are " + String.join(", ", names));
  }

  /// The name itself, of a group or of a stage of the chain.
  ///
  /// @throws UserError ({@link ExitCode#USAGE}) if no group or stage has this name, or both have
  public static String orStage(String name, Config config) {
    List<String> groups = config.get(Keys.GROUPS_ORDER);
    List<String> stages = StageReader.names(config);
    if (groups.contains(name) && stages.contains(name)) {
      throw new UserError(
          "`" + name + "` is the name of both a group and a stage",
          "the measurements of one would count for the other",
          "rename the stage in plimsoll.toml",
          ExitCode.USAGE);
    }
    if (groups.contains(name) || stages.contains(name)) {
      return name;
    }
    if (stages.isEmpty()) {
      return known(name, config);
    }
    var names = Stream.concat(groups.stream(), stages.stream()).toList();
    throw unknown(
        "group or stage",
        name,
        names,
        "the groups are %s; the stages are %s"
            .formatted(String.join(", ", groups), String.join(", ", stages)));
  }

  /// The first group that runs with 1 worker, empty when none does.
  public static String single(Config config) {
    Entry first = config.groups().getFirst();
    Entry last = config.groups().getLast();
    return config.groups().stream()
        .filter(group ->
            switch (group.get(GroupKeys.WORKERS)) {
              case Workers.Count(int count) -> count == 1;
              case Workers.Auto() -> group.equals(first) && !group.equals(last);
            })
        .map(Entry::name)
        .findFirst()
        .orElse("");
  }

  private static UserError unknown(String kind, String name, List<String> names, String why) {
    Optional<String> near = Nearest.to(name, names);
    return new UserError(
        "there is no " + kind + " `" + name + "`",
        why,
        near.map(word -> "did you mean `" + word + "`?").orElse("`groups.order` names the groups"),
        ExitCode.USAGE);
  }
}
