package dev.plimsoll.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/// Runs one command line in this process and keeps what it printed.
record TestingCli(int exitCode, String out, String err) {
  static TestingCli run(Object... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    var texts = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      texts[i] = String.valueOf(args[i]);
    }
    int exitCode =
        new CommandLine(new Plimsoll())
            .setExecutionExceptionHandler(new ErrorRenderer())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(texts);
    return new TestingCli(exitCode, out.toString(), err.toString());
  }
}
