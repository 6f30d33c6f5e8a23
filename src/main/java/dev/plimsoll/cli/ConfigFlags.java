package dev.plimsoll.cli;

import dev.plimsoll.config.Keys;
import picocli.CommandLine.Option;

/// The options that stand for keys of the configuration; mix it into a command that takes them and
/// call {@link #load}.
public final class ConfigFlags extends MemoryFlags {
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
}
