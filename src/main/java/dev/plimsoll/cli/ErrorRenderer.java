package dev.plimsoll.cli;

import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/// Render a {@link UserError} as error, why and hint; print the stack trace of anything else.
final class ErrorRenderer implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(
      Exception exception, CommandLine commandLine, ParseResult parsed) {
    var err = commandLine.getErr();
    if (exception instanceof UserError error) {
      err.print(text(error));
      err.flush();
      return error.exitCode().code();
    }
    err.println("error: a bug in Plimsoll: " + exception);
    exception.printStackTrace(err);
    err.println("\nhint: please report this with the lines above");
    err.flush();
    return ExitCode.INTERNAL_ERROR.code();
  }

  static String text(UserError error) {
    var text = new StringBuilder("error: ").append(error.what()).append('\n');
    if (!error.why().isEmpty()) {
      text.append("  why: ").append(error.why().replace("\n", "\n       ")).append('\n');
    }
    if (!error.hint().isEmpty()) {
      text.append("\nhint: ").append(error.hint().replace("\n", "\n      ")).append('\n');
    }
    return text.toString();
  }
}
