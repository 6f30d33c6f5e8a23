package dev.plimsoll.engine;

import dev.plimsoll.model.RunEvent;
import java.util.function.Consumer;

/// A test runner that schedules its own tests: Plimsoll gives it a number of workers, listens to
/// what it tells, and ends it with everything it started.
@FunctionalInterface
public interface Runner {
  /// Run to the end, or until `cancellation` is pulled.
  ///
  /// When it returns, no process of it is left. Every test it knew of has one `TestFinished`, also
  /// those that never ran.
  ///
  /// @param events receives events from several threads, one at a time
  /// @throws dev.plimsoll.model.UserError if it did not start, or exited unexpectedly
  RunnerResult run(
      RunnerRequest request, CancellationToken cancellation, Consumer<RunEvent> events);
}
