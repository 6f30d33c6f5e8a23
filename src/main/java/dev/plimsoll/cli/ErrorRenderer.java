package dev.plimsoll.cli;

import dev.plimsoll.config.Nearest;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// Prints a {@link UserError} as error, why and hint, and invalid options likewise; prints the
/// stack trace of anything else.
public final class ErrorRenderer implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private static final List<String> FULL =
      List.of("No space left on device", "Disk quota exceeded", "File too large");

  @Override
  public int handleExecutionException(
      Exception exception, CommandLine commandLine, ParseResult parsed) {
    var err = commandLine.getErr();
    Optional<UserError> known =
        exception instanceof UserError error ? Optional.of(error) : fullDisk(exception);
    if (known.isPresent()) {
      err.print(text(known.get()));
      err.flush();
      return known.get().exitCode().code();
    }
    err.println("error: this is a bug in Plimsoll: " + exception);
    exception.printStackTrace(err);
    err.println("\nhint: please report it with the output above");
    err.flush();
    return ExitCode.INTERNAL_ERROR.code();
  }

  /// What the kernel says when nothing more can be written: errno(3), ENOSPC, EDQUOT and EFBIG.
  /// Java has no exception of its own for it.
  private static Optional<UserError> fullDisk(Throwable exception) {
    return Stream.iterate(exception, Objects::nonNull, Throwable::getCause)
        .map(cause -> String.valueOf(cause.getMessage()))
        .filter(message -> FULL.stream().anyMatch(message::contains))
        .findFirst()
        .map(message ->
            new UserError(
                "a file could not be written",
                message,
                "free some space, or set `TMPDIR` to a directory on another disk; `df -h` and `quota`"
                    + " show what is full, `ulimit -f` the size a file may have",
                ExitCode.INTERNAL_ERROR));
  }

  @Override
  public int handleParseException(ParameterException exception, String[] args) {
    CommandLine commandLine = exception.getCommandLine();
    UserError error =
        Stream.<Throwable>iterate(exception, Objects::nonNull, Throwable::getCause)
            .filter(UserError.class::isInstance)
            .map(UserError.class::cast)
            .findFirst()
            .orElseGet(() -> usage(exception, commandLine));
    var err = commandLine.getErr();
    err.print(text(error));
    err.flush();
    return error.exitCode().code();
  }

  private static UserError usage(ParameterException exception, CommandLine commandLine) {
    CommandSpec command = commandLine.getCommandSpec();
    String help = "`" + command.qualifiedName() + " --help` shows the ";
    String shown = "options";
    String what =
        String.valueOf(exception.getMessage()).replace("is not an int", "is not a whole number");
    if (exception instanceof UnmatchedArgumentException unmatched) {
      help = nearest(unmatched, command) + pytests(unmatched, command) + help;
      String first = unmatched.getUnmatched().getFirst();
      if (!first.startsWith("-") && command.positionalParameters().isEmpty()) {
        boolean parent = !command.subcommands().isEmpty();
        what =
            (parent ? "there is no command `%s %s`" : "`%s` takes no argument `%s`")
                .formatted(command.qualifiedName(), first);
        shown = parent ? "commands" : shown;
      }
    }
    return new UserError(what, "", help + shown, ExitCode.USAGE);
  }

  /// Makes no suggestion for an option of a single letter, which resembles every option.
  private static String nearest(UnmatchedArgumentException unmatched, CommandSpec command) {
    String first = unmatched.getUnmatched().getFirst();
    boolean isOption = first.startsWith("-");
    if (isOption && first.length() <= 2) {
      return "";
    }
    return unmatched.getSuggestions().stream()
        .findFirst()
        .or(() ->
            Nearest.to(
                first, isOption ? command.optionsMap().keySet() : command.subcommands().keySet()))
        .map(near -> "did you mean `" + near + "`? ")
        .orElse("");
  }

  /// Users of pytest try its options first.
  private static String pytests(UnmatchedArgumentException unmatched, CommandSpec command) {
    boolean passesOn =
        command.positionalParameters().stream()
            .anyMatch(rest -> rest.paramLabel().endsWith(Options.PYTEST));
    String first = unmatched.getUnmatched().getFirst();
    return passesOn && first.startsWith("-")
        ? "to pass an option to pytest, put it after `--`: `%s -- %s`; "
            .formatted(command.qualifiedName(), first)
        : "";
  }

  public static String text(UserError error) {
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
