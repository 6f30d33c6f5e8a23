package dev.plimsoll.cli;

import dev.plimsoll.ui.Displays;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options for what a command reports of a run.
public final class OutputFlags {
  @Option(names = "--junit", paramLabel = "FILE", description = "Write a JUnit XML report.")
  private @Nullable Path junit;

  @Option(names = "--html", paramLabel = "FILE", description = "Write an HTML page about the run.")
  private @Nullable Path html;

  @Option(names = "--json", description = "Print one JSON document instead of the report.")
  private boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print only failures and the last line.")
  private boolean quiet;

  /// Where the JUnit XML goes, if anywhere.
  public @Nullable Path junit() {
    return junit;
  }

  /// Where the page goes, if anywhere.
  public @Nullable Path html() {
    return html;
  }

  /// What the display shows.
  public Displays.OutputOptions display() {
    return new Displays.OutputOptions(quiet, json, Displays.OutputOptions.DEFAULT.slow());
  }
}
