package dev.plimsoll.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/// One run of the command line inside the test's process, with what it printed.
public record CommandRun(int exitCode, String out, String err) {
  public static CommandRun of(String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    int exitCode =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(args);
    return new CommandRun(exitCode, out.toString(), err.toString());
  }
}
