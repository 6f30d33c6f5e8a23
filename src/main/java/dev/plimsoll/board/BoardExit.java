package dev.plimsoll.board;

import dev.plimsoll.model.ExitCode;

/// The exit code of a machine that took part in a run: that of the whole run, so that no machine is
/// green when the run is not.
public final class BoardExit {
  private BoardExit() {}

  /// The code to end with.
  ///
  /// @param own the code of the machine's own part
  public static int of(int own, Board.Verdict verdict) {
    if (own != 0 && own != ExitCode.TESTS_FAILED.code() && own != ExitCode.NO_TESTS.code()) {
      return own;
    }
    if (verdict.settled() < verdict.tests()) {
      return ExitCode.INCOMPLETE.code();
    }
    if (verdict.code() != 0) {
      return verdict.code();
    }
    if (verdict.tests() == 0) {
      return ExitCode.NO_TESTS.code();
    }
    boolean red = verdict.red() > 0 || own == ExitCode.TESTS_FAILED.code();
    return red ? ExitCode.TESTS_FAILED.code() : ExitCode.OK.code();
  }
}
