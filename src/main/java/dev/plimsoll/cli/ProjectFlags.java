package dev.plimsoll.cli;

import dev.plimsoll.config.Config;
import dev.plimsoll.config.ConfigLoader;
import dev.plimsoll.config.Overrides;
import dev.plimsoll.config.schema.ConfigSchema;
import dev.plimsoll.config.schema.Key;
import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.config.schema.Origin;
import dev.plimsoll.config.schema.Setting;
import dev.plimsoll.engine.pytest.ChosenPython;
import dev.plimsoll.engine.pytest.Installation;
import dev.plimsoll.engine.pytest.PythonFinder;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ScopeType;

/// The options that select the project and the Python; {@linkplain #addTo add} them to a command
/// and call {@link #load}.
public class ProjectFlags {
  @SuppressWarnings("NullAway.Init") // set before they are read
  private CommandSpec spec;

  private final ScopeType scope;
  private @Nullable Path folder;
  private @Nullable Path file;
  private String profile = "";
  private Overrides overrides = Overrides.NONE;

  public ProjectFlags() {
    this(ScopeType.LOCAL);
  }

  /// @param scope whether subcommands of the command have the options too
  public ProjectFlags(ScopeType scope) {
    this.scope = scope;
  }

  /// Add them to a command.
  void addTo(CommandSpec command) {
    spec = command;
    command
        .addOption(
            scoped(
                Path.class,
                path -> folder = path,
                "FOLDER",
                "Run as if started in this directory.",
                "-C",
                "--directory"))
        .addOption(
            scoped(
                Path.class,
                path -> file = path,
                "FILE",
                "Read this file instead of searching for plimsoll.toml or pyproject.toml.",
                "--config"))
        .addOption(
            Options.text(
                    name -> profile = name,
                    "NAME",
                    "Use `[profile.NAME]` of the file.",
                    "--profile")
                .toBuilder()
                .scopeType(scope)
                .build())
        .addOption(option(Keys.PYTHON, "PATH", "The Python that runs pytest.", "--python"));
  }

  private OptionSpec scoped(
      Class<Path> kind, Consumer<Path> to, String label, String description, String... names) {
    return Options.value(kind, to, label, description, names).toBuilder().scopeType(scope).build();
  }

  /// An option that stands for a key.
  ///
  /// @param names the last one is reported as the origin of the value
  final <T> OptionSpec option(Key<T> key, String label, String description, String... names) {
    return Options.text(text -> set(key, names[names.length - 1], text), label, description, names);
  }

  /// Set a key from an option.
  public final <T> void set(Key<T> key, String flag, String text) {
    overrides = overrides.with(key, flag, text);
  }

  /// The folder that the command works in, absolute.
  public final Path current() {
    return (folder == null ? Path.of("") : folder).toAbsolutePath().normalize();
  }

  /// The configuration of the current project, with these options; prints its warnings.
  public final Config load() {
    return load(false);
  }

  /// The same where `--directory` names the project itself, whatever is above it.
  final Config loadHere() {
    return load(folder != null);
  }

  private Config load(boolean here) {
    if (folder != null && !Files.isDirectory(current())) {
      throw new UserError(
          "the directory does not exist: `" + current() + "`",
          "it is the argument of `--directory`",
          "use an existing directory",
          ExitCode.USAGE);
    }
    var loader = new ConfigLoader(ConfigSchema.STANDARD, System.getenv(), profile);
    Config config =
        file != null
            ? loader.loadFile(file, current(), overrides)
            : here ? loader.loadOnly(current(), overrides) : loader.load(current(), overrides);
    for (String warning : config.warnings()) {
      spec.commandLine().getErr().println("warning: " + warning);
    }
    return config;
  }

  /// The Python that the configuration names, or the project's; nothing is started.
  public final ChosenPython python(Config config) {
    return python(config, current());
  }

  /// The same seen from this folder.
  static ChosenPython python(Config config, Path current) {
    var finder = new PythonFinder(System.getenv(), Installation.current());
    Setting<String> python = config.values().setting(Keys.PYTHON);
    if (python.value().equals("auto")) {
      return finder.find(current, config.root());
    }
    Path base = python.origin() instanceof Origin.Flag ? current : config.root();
    return finder.named(python.value(), python.origin().text(), base);
  }
}
