package dev.plimsoll.cli.shell;

import dev.plimsoll.config.Config;
import dev.plimsoll.config.ConfigLoader;
import dev.plimsoll.config.Overrides;
import dev.plimsoll.config.schema.ConfigSchema;
import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.history.HistoryStore;
import dev.plimsoll.history.RunLine;
import dev.plimsoll.model.UserError;
import dev.plimsoll.run.chain.StageReader;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The values that an argument can have in the project of the current directory.
final class CompletionValues {
  /// A shell shows no more in a useful way.
  private static final int MOST = 500;

  private static final int RUNS = 30;
  private static final Pattern FILE = Pattern.compile("FILE|PATH|FOLDER|DIR|TEST");

  private CompletionValues() {}

  /// Whether file names are values too.
  static boolean isFile(String label) {
    return FILE.matcher(label).find();
  }

  /// The values.
  ///
  /// @param label what the help calls the argument
  /// @param owner the option, or the command of a positional argument
  /// @param word the beginning of the value
  static Stream<String> of(String label, String owner, String word) {
    return switch (owner) {
      case "--group" -> groups();
      case "--group-workers" -> groups().map(group -> group + "=");
      case "--stage", "--from" -> stages();
      case "--profile" -> Stream.empty();
      case "completion" -> Stream.of(Shell.values()).map(Shell::toString);
      default -> owner.startsWith("--") ? words(owner.substring(2)) : byLabel(label, word);
    };
  }

  private static Stream<String> byLabel(String label, String word) {
    if (label.contains("GROUP")) {
      return label.contains("STAGE") ? Stream.concat(groups(), stages()) : groups();
    }
    if (List.of("RUN", "BEFORE", "NOW").contains(label)) {
      return runs();
    }
    boolean isTest = label.contains("TEST") || label.contains("ID");
    return isTest && word.contains("::")
        ? history(store -> store.testIds(word, MOST))
        : Stream.of();
  }

  /// The words of the key that the option sets.
  private static Stream<String> words(String option) {
    return option.equals("replay")
        ? runs().map(run -> run + ":")
        : ConfigSchema.STANDARD.keys().stream()
            .filter(key -> key.name().equals(option))
            .flatMap(key -> key.type().words().stream());
  }

  private static Stream<String> groups() {
    return config(config -> config.get(Keys.GROUPS_ORDER));
  }

  private static Stream<String> stages() {
    return config(StageReader::names);
  }

  private static Stream<String> runs() {
    return history(store -> store.runs(RUNS).stream().map(RunLine::id).toList());
  }

  private static Stream<String> config(Function<Config, List<String>> values) {
    try {
      return values.apply(load()).stream();
    } catch (UserError broken) {
      return Stream.empty();
    }
  }

  private static Stream<String> history(Function<HistoryStore, List<String>> values) {
    try (var store = new HistoryStore(load().root(), InstantSource.system(), _ -> {})) {
      return values.apply(store).stream();
    } catch (UserError broken) {
      return Stream.empty();
    }
  }

  private static Config load() {
    Path here = Path.of("").toAbsolutePath();
    return new ConfigLoader(ConfigSchema.STANDARD, System.getenv(), "").load(here, Overrides.NONE);
  }
}
