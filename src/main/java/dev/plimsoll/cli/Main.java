package dev.plimsoll.cli;

import picocli.CommandLine;

/// The entry point; the only place that ends the Java process.
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(run(args));
  }

  /// Run one command line and return its exit code.
  static int run(String... args) {
    return commandLine().execute(args);
  }

  static CommandLine commandLine() {
    var errors = new ErrorRenderer();
    return new CommandLine(new Plimsoll())
        .setExecutionExceptionHandler(errors)
        .setParameterExceptionHandler(errors)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setAbbreviatedOptionsAllowed(false);
  }
}
