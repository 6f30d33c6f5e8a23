/// The plan of a chain of stages: which stages run, in which order, and what their ends mean.
///
/// {@link dev.plimsoll.stages.StagePlan} checks and orders the {@link dev.plimsoll.stages.Stage}s
/// of a project. `Fit` reduces workers to the memory budget, and `Relief` decides which worker to
/// kill when memory runs short.
///
/// Pure; may use `model` and `schedule`. `run.chain` runs the stages. Start with `StagePlan`.
@NullMarked
package dev.plimsoll.stages;

import org.jspecify.annotations.NullMarked;
