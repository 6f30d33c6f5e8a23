package dev.plimsoll.run.dispatch;

import dev.plimsoll.engine.pytest.HostMessage;
import dev.plimsoll.run.guard.MemoryWatch;

/// Deals with what workers do: {@link ScheduledTests} where Plimsoll schedules the tests, {@link
/// ObservedTests} where the runner does.
interface TestDriver {
  /// A worker is ready to run tests.
  void ready(HostMessage.Worker ready);

  /// A test has begun; only said of those that take long, or that Plimsoll did not give.
  void begun(HostMessage.Started begun);

  /// A test has ended.
  void done(HostMessage.Done done);

  /// Tests came back that had not begun.
  void dropped(HostMessage.Dropped dropped);

  /// A test can never go on.
  void stuck(HostMessage.Stuck stuck);

  /// A worker collected other tests than the session.
  void differs(HostMessage.UnitError error);

  /// A worker's process ended.
  void gone(HostMessage.Gone gone);

  /// Memory was looked at, and the workers know what they hold.
  void looked(MemoryWatch.Reading reading);

  /// No further test may start.
  void stop(String reason);

  /// The user wants the run to end, and the run is stopped.
  void interrupted();
}
