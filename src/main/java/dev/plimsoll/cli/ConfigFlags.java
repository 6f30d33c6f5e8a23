package dev.plimsoll.cli;

import dev.plimsoll.config.schema.Keys;
import picocli.CommandLine.Model.CommandSpec;

/// The options that set keys of the configuration.
public final class ConfigFlags extends MemoryFlags {
  private static final String FLAKY = "--fail-on-flaky";
  private static final String CONTAINMENT = "--require-containment";

  @Override
  void addTo(CommandSpec command) {
    super.addTo(command);
    command
        .addOption(
            option(
                Keys.ENGINE,
                "NAME",
                "How pytest runs in parallel: auto, fork, spawn or xdist.",
                "--engine"))
        .addOption(
            option(
                Keys.MODE,
                "NAME",
                "How groups run: phased (one after another) or packed (in one pool).",
                "--mode"))
        .addOption(
            option(
                Keys.WORKERS,
                "N|auto",
                "The maximum for each group; plimsoll.toml may have lower numbers.",
                "-n",
                "--workers"))
        .addOption(
            option(Keys.TIMEOUT, "DURATION|none", "The time limit of each test.", "--timeout"))
        .addOption(
            option(Keys.RETRIES, "N", "Run a failed test again, up to N times.", "--retries"))
        .addOption(
            Options.flag(
                on -> set(Keys.FAIL_ON_FLAKY, FLAKY, String.valueOf(on)),
                "Fail if a test passed only when it ran again.",
                FLAKY))
        .addOption(
            option(
                Keys.ORDER,
                "NAME",
                "Which tests run first: longest, path, failed-first or auto.",
                "--order"))
        .addOption(
            option(
                Keys.ISOLATE, "NAME", "What gets a fresh worker: none, file or test.", "--isolate"))
        .addOption(
            Options.flag(
                on -> set(Keys.REQUIRE_CONTAINMENT, CONTAINMENT, String.valueOf(on)),
                "Fail if the kernel cannot enforce memory limits on this machine.",
                CONTAINMENT));
  }
}
