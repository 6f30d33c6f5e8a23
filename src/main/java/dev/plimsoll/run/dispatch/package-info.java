/// Dispatch the tests of a pytest run: one thread takes what the host, the clock and the user send,
/// and carries out what the scheduler decides.
///
/// Start with {@link dev.plimsoll.run.dispatch.Dispatcher}: its loop, and one method for each
/// message. `DecisionExecutor` carries out decisions, `CrashHandler` deals with deaths,
/// `TimeLimits` with tests that take too long, `Interruption` with Ctrl-C; `Results` keeps the
/// outcomes. {@link dev.plimsoll.run.dispatch.PytestRun} runs one dispatcher for each session and
/// makes the summary.
///
/// Nothing here touches a process, a socket or a real clock: those are behind `Host`, `Guard`,
/// `MemoryWatch`, `Journal` and {@link dev.plimsoll.run.dispatch.RunClock}, so that tests script
/// them (`TestingHost`). May use `run.plan`, `run.guard` and `run.journal`.
@NullMarked
package dev.plimsoll.run.dispatch;

import org.jspecify.annotations.NullMarked;
