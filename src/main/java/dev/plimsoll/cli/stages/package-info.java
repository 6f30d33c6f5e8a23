/// `plimsoll stages`: lists and runs the chain of a project.
///
/// {@link dev.plimsoll.cli.stages.StageRun} puts a chain together from the configuration and the
/// options; `StageWorkers` chooses the number of workers of each stage, and `StageShard` the tests
/// of a shard. `run.chain` runs it. Start with `StagesCommand`.
@NullMarked
package dev.plimsoll.cli.stages;

import org.jspecify.annotations.NullMarked;
