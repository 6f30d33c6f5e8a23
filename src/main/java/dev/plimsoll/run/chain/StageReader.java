package dev.plimsoll.run.chain;

import dev.plimsoll.config.Config;
import dev.plimsoll.config.Entry;
import dev.plimsoll.config.schema.Key;
import dev.plimsoll.config.schema.Setting;
import dev.plimsoll.config.schema.StageKeys;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import dev.plimsoll.stages.Stage;
import dev.plimsoll.stages.Stage.Exclusivity;
import dev.plimsoll.stages.StagePlan;
import dev.plimsoll.stages.Work;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Reads the chain of a project from its configuration.
public final class StageReader {
  private StageReader() {}

  /// The chain, in its order.
  ///
  /// @throws UserError when there is none, or it cannot be carried out
  public static StagePlan read(Config config) {
    List<Entry> entries = config.entries(StageKeys.SECTION);
    if (entries.isEmpty()) {
      throw new UserError(
          "there are no stages",
          config.file().map(file -> "no [stages.NAME] in " + file).orElse("no plimsoll.toml found"),
          "`plimsoll init` writes a chain for a project with a playwright.config file",
          ExitCode.USAGE);
    }
    List<Stage> stages = entries.stream().map(entry -> stage(entry, config.root())).toList();
    List<String> problems = StagePlan.problems(stages);
    if (!problems.isEmpty()) {
      throw new UserError(
          "the stages cannot be ordered",
          String.join("\n", problems),
          "see `needs` in " + entries.getFirst().origin().text(),
          ExitCode.CONFIG);
    }
    return StagePlan.of(stages);
  }

  /// The names of the stages, in the order of writing; none without a chain.
  public static List<String> names(Config config) {
    return config.entries(StageKeys.SECTION).stream().map(Entry::name).toList();
  }

  /// Whether a stage of the chain runs tests of pytest.
  public static boolean hasPytest(Config config) {
    return config.entries(StageKeys.SECTION).stream()
        .anyMatch(entry -> entry.get(StageKeys.PYTEST).isPresent());
  }

  /// The part of a chain that was asked for.
  ///
  /// @param only name of the one stage to run, or empty
  /// @param from name of the first stage to run, or empty
  /// @throws UserError when there is no such stage
  public static StagePlan select(StagePlan plan, String only, String from) {
    for (String name : List.of(only, from)) {
      if (!name.isEmpty() && !plan.names().contains(name)) {
        throw new UserError(
            "there is no stage `" + name + "`",
            "the stages are " + String.join(", ", plan.names()),
            "",
            ExitCode.USAGE);
      }
    }
    if (!only.isEmpty()) {
      return plan.only(only);
    }
    return from.isEmpty() ? plan : plan.from(from);
  }

  /// A directory that the configuration names.
  ///
  /// @param key the key, as users write it
  /// @throws UserError when there is no such directory
  static Path folder(Path root, String name, String key, String origin) {
    Path folder = root.resolve(name).normalize();
    if (!Files.isDirectory(folder)) {
      throw new UserError(
          "the directory of `" + key + "` does not exist: `" + name + "`",
          "looked in " + root + "; the key is in " + origin,
          "use a directory that exists, relative to the project",
          ExitCode.CONFIG);
    }
    return folder;
  }

  private static Stage stage(Entry entry, Path root) {
    Setting<String> folder = entry.values().setting(StageKeys.FOLDER);
    folder(root, folder.value(), folder.name(), folder.origin().text());
    Work work = StageRunners.read(entry);
    boolean browser = work instanceof Work.Playwright;
    return new Stage(
        entry.name(),
        work,
        entry.get(StageKeys.FOLDER),
        entry.get(StageKeys.NEEDS),
        entry.get(StageKeys.ENV),
        entry.get(StageKeys.TIMEOUT).orElse(Duration.ZERO),
        entry.get(StageKeys.STALL).orElse(Duration.ZERO),
        switched(entry, StageKeys.SERVER, browser),
        exclusivity(work, switched(entry, StageKeys.EXCLUSIVE, browser)));
  }

  private static Exclusivity exclusivity(Work work, boolean exclusive) {
    if (exclusive) {
      return Exclusivity.ALONE;
    }
    return work instanceof Work.Pytest ? Exclusivity.SHARED : Exclusivity.ANY;
  }

  private static boolean switched(Entry entry, Key<Boolean> key, boolean usual) {
    return entry.values().setting(key).isDefault() ? usual : entry.get(key);
  }
}
