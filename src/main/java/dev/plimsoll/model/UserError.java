package dev.plimsoll.model;

/// An error that the user can fix: what happened, why, a hint, and the exit code. Rendered only in
/// `cli`.
///
/// Every other exception is a bug and keeps its stack trace.
public final class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String why;
  private final String hint;
  private final ExitCode exitCode;

  /// @param what one sentence without a full stop, names in backquotes
  /// @param why the cause, or an empty text
  /// @param hint what to do, or an empty text
  public UserError(String what, String why, String hint, ExitCode exitCode) {
    super(what);
    this.why = why;
    this.hint = hint;
    this.exitCode = exitCode;
  }

  public String what() {
    return String.valueOf(getMessage());
  }

  public String why() {
    return why;
  }

  public String hint() {
    return hint;
  }

  public ExitCode exitCode() {
    return exitCode;
  }
}
