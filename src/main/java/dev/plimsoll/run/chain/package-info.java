/// Runs a chain of stages: commands, Playwright and pytest selections, with a server under test.
///
/// {@link dev.plimsoll.run.chain.Chain} runs the stages in the order of `stages.StagePlan`.
/// `StageRunners` chooses the engine of a stage, `Server` starts and stops the server, `StageGuard`
/// watches the memory of a stage and its workers, and `StageLock` waits for other suites of the
/// user.
///
/// May use `run`, the engines and the pure packages. Start with `Chain`.
@NullMarked
package dev.plimsoll.run.chain;

import org.jspecify.annotations.NullMarked;
