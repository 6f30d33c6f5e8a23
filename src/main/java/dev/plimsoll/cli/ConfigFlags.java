package dev.plimsoll.cli;

import dev.plimsoll.config.Config;
import dev.plimsoll.config.ConfigLoader;
import dev.plimsoll.config.Key;
import dev.plimsoll.config.Keys;
import dev.plimsoll.config.Overrides;
import dev.plimsoll.config.Schema;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The options that stand for keys of the configuration; mix it into a command that takes them and
/// call {@link #load}.
final class ConfigFlags {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Read this file instead of looking for plimsoll.toml or pyproject.toml.")
  private @Nullable Path file;

  private Overrides overrides = Overrides.NONE;

  @Option(names = "--python", paramLabel = "PATH", description = "The Python that runs pytest.")
  void python(String text) {
    set(Keys.PYTHON, "--python", text);
  }

  @Option(names = "--engine", paramLabel = "NAME", description = "fork, spawn or xdist.")
  void engine(String text) {
    set(Keys.ENGINE, "--engine", text);
  }

  @Option(names = "--mode", paramLabel = "NAME", description = "phased or packed.")
  void mode(String text) {
    set(Keys.MODE, "--mode", text);
  }

  @Option(
      names = {"-n", "--workers"},
      paramLabel = "N|auto",
      description = "The most workers at once.")
  void workers(String text) {
    set(Keys.WORKERS, "--workers", text);
  }

  @Option(
      names = "--memory",
      paramLabel = "SIZE|PERCENT|auto",
      description = "The memory that the run may use.")
  void memory(String text) {
    set(Keys.MEMORY, "--memory", text);
  }

  @Option(
      names = "--reserve",
      paramLabel = "SIZE|PERCENT|auto",
      description = "The memory that is left to everything else.")
  void reserve(String text) {
    set(Keys.RESERVE, "--reserve", text);
  }

  @Option(
      names = "--timeout",
      paramLabel = "DURATION|none",
      description = "The time limit of each test.")
  void timeout(String text) {
    set(Keys.TIMEOUT, "--timeout", text);
  }

  @Option(names = "--order", paramLabel = "NAME", description = "longest or path.")
  void order(String text) {
    set(Keys.ORDER, "--order", text);
  }

  @Option(names = "--isolate", paramLabel = "NAME", description = "none, file or test.")
  void isolate(String text) {
    set(Keys.ISOLATE, "--isolate", text);
  }

  @Option(
      names = "--require-containment",
      description = "Fail when the kernel cannot enforce memory limits here.")
  void requireContainment(boolean on) {
    set(Keys.REQUIRE_CONTAINMENT, "--require-containment", String.valueOf(on));
  }

  /// The configuration of the project around the current folder, with these options.
  Config load() {
    return load(Path.of(""), Schema.STANDARD);
  }

  Config load(Path current, Schema schema) {
    var loader = new ConfigLoader(schema);
    Config config =
        file == null ? loader.load(current, overrides) : loader.loadFile(file, current, overrides);
    for (String warning : config.warnings()) {
      spec.commandLine().getErr().println("warning: " + warning);
    }
    return config;
  }

  private <T> void set(Key<T> key, String flag, String text) {
    overrides = overrides.with(key, flag, text);
  }
}
