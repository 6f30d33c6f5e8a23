package dev.plimsoll.cli;

import dev.plimsoll.config.Keys;
import picocli.CommandLine.Option;

/// The options that say how much memory there is for a run.
public class MemoryFlags extends ProjectFlags {
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
}
