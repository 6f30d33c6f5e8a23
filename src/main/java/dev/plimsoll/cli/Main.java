package dev.plimsoll.cli;

import dev.plimsoll.cli.run.RunCommand;
import dev.plimsoll.config.EnvironmentVariables;
import dev.plimsoll.model.UserError;
import picocli.CommandLine;

/// The entry point; the only place that ends the Java process.
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(OpenFiles.tooFew().map(Main::refuse).orElseGet(() -> run(args)));
  }

  private static int refuse(UserError error) {
    System.err.print(ErrorRenderer.text(error));
    return error.exitCode().code();
  }

  /// Run one command line and return its exit code.
  static int run(String... args) {
    try (var early = EarlyStart.of(args)) {
      CommandLine line = commandLine(args);
      line.getSubcommands().values().stream()
          .map(CommandLine::getCommand)
          .filter(RunCommand.class::isInstance)
          .forEach(run -> ((RunCommand) run).begun(early));
      EnvironmentVariables.warning(System.getenv().keySet())
          .ifPresent(text -> line.getErr().println("warning: " + text));
      return line.execute(args);
    }
  }

  /// The command line with what these arguments can reach: building the model of every command
  /// would be a good part of the start.
  static CommandLine commandLine(String... args) {
    var errors = new ErrorRenderer();
    var line = new CommandLine(new Plimsoll().described());
    Commands.reachedBy(args).forEach(line::addSubcommand);
    return line.setExecutionExceptionHandler(errors)
        .setParameterExceptionHandler(errors)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setAbbreviatedOptionsAllowed(false);
  }
}
