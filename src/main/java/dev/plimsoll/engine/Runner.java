package dev.plimsoll.engine;

import dev.plimsoll.model.RunEvent;
import java.util.function.Consumer;

/// A test runner that schedules its tests by itself: Plimsoll gives it a number of workers, listens
/// to what it tells, and ends it with everything it started.
@FunctionalInterface
public interface Runner {
  /// Run to the end, or until `cancellation` is pulled.
  ///
  /// When it returns, no process of it is left. Every test it knew of has one `TestFinished`, also
  /// those that never ran.
  ///
  /// @param events is told what happens, from several threads but one at a time
  /// @throws dev.plimsoll.model.UserError when it could not start, or ended without a word
  RunnerResult run(
      RunnerRequest request, CancellationToken cancellation, Consumer<RunEvent> events);
}
