package dev.plimsoll.config;

import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// An error in a configuration file.
///
/// @param line counted from 1
/// @param what the error, with the key
/// @param why the rule that it violates
/// @param hint how to fix it, or an empty string
record Problem(int line, String what, String why, String hint) {
  /// One error for all errors in a file.
  static UserError error(List<Problem> problems, String file) {
    if (problems.size() == 1) {
      Problem problem = problems.getFirst();
      return new UserError(
          file + ", line " + problem.line + ": " + problem.what,
          problem.why,
          problem.hint,
          ExitCode.CONFIG);
    }
    String lines =
        problems.stream()
            .sorted(Comparator.comparingInt(Problem::line))
            .map(Problem::sentence)
            .collect(Collectors.joining("\n"));
    return new UserError(
        file + " has " + problems.size() + " errors",
        lines,
        "`plimsoll config --keys` lists every key",
        ExitCode.CONFIG);
  }

  private String sentence() {
    return "line " + line + ": " + what + "; " + why + (hint.isEmpty() ? "" : "; " + hint);
  }
}
