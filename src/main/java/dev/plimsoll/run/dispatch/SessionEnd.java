package dev.plimsoll.run.dispatch;

import dev.plimsoll.model.UserError;
import java.util.Map;

/// How a pytest session ended.
public sealed interface SessionEnd {
  /// pytest ended it.
  ///
  /// @param status its exit status
  /// @param chosen whether a hook of the project chose that status, which then counts as it is
  /// @param also what pytest and plugins count beside the outcomes, such as warnings
  record Finished(int status, boolean chosen, Map<String, Integer> also) implements SessionEnd {
    public Finished {
      also = Map.copyOf(also);
    }
  }

  /// Its process ended before pytest did, or its workers could not do their work.
  record Died() implements SessionEnd {}

  /// Its process ended before a test could be collected.
  ///
  /// @param status exit status of the process
  /// @param lastLine the last line that it printed, may be empty
  record NeverBegan(int status, String lastLine) implements SessionEnd {}

  /// Nothing could run, for a reason that the user has to remove.
  record Refused(UserError error) implements SessionEnd {}
}
