package dev.plimsoll.cli;

import dev.plimsoll.config.schema.Keys;
import picocli.CommandLine.Model.CommandSpec;

/// The options that limit the memory of a run.
public class MemoryFlags extends ProjectFlags {
  private static final String SIZE = "SIZE|PERCENT|auto";

  @Override
  void addTo(CommandSpec command) {
    super.addTo(command);
    command
        .addOption(option(Keys.MEMORY, SIZE, "The memory that the run may use.", "--memory"))
        .addOption(
            option(
                Keys.RESERVE, SIZE, "The memory to leave free for everything else.", "--reserve"));
  }
}
