package dev.plimsoll.run.dispatch;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.nio.file.Path;
import java.util.List;

/// Reasons why a run cannot be done at all.
final class FatalRunError {
  private FatalRunError() {}

  static UserError oversize(List<String> tests) {
    return new UserError(
        tests.size() == 1
            ? "a test does not fit the memory budget"
            : "tests do not fit the memory budget",
        String.join("\n", tests),
        "raise the budget with `--memory`, or let such tests run alone with `--allow-oversize`",
        ExitCode.MEMORY);
  }

  /// @param held what pytest's process takes without a test
  static UserError budgetBelowPytest(Bytes budget, Bytes held) {
    return new UserError(
        "the memory budget of " + budget + " is less than pytest itself holds here (" + held + ")",
        "no test fits into it",
        "raise `--memory`, or leave the budget to Plimsoll with `--memory auto`",
        ExitCode.MEMORY);
  }

  static UserError noXdist(Path python) {
    return new UserError(
        "the engine `xdist` needs pytest-xdist",
        "`" + python + "` has none",
        "install it there (`pip install pytest-xdist`), or use `--engine fork`",
        ExitCode.PYTHON);
  }

  /// @param engine what schedules the tests instead of Plimsoll
  static UserError notInShards(String engine) {
    return new UserError(
        "a shard needs the engine `fork` or `spawn`",
        "with `" + engine + "`, pytest runs all tests that it collected",
        "leave out `--engine xdist`, `--pdb` and `--trace`",
        ExitCode.USAGE);
  }

  /// @param lastLine the last line that it printed, may be empty
  static UserError noPytest(int status, String lastLine) {
    return new UserError(
        "pytest did not start",
        "its process exited with status "
            + status
            + (lastLine.isEmpty() ? ", without output" : ": " + lastLine),
        "try `python -m pytest --version` with the same Python, or select a different one with"
            + " `--python`",
        ExitCode.PYTHON);
  }
}
