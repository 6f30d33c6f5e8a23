/// `plan`, `merge`, `finish` and `board`: what a suite over several machines needs before, while
/// and after its machines run.
///
/// {@link dev.plimsoll.cli.shard.PlanCommand} makes the plan from history, {@link
/// dev.plimsoll.cli.shard.MergeCommand} puts the records of the shards together, and {@link
/// dev.plimsoll.cli.shard.BoardReader} reads a board. `run --shard` and `run --join` are in
/// `cli.RunCommand`, and what decides is in `shard` and `board`.
@NullMarked
package dev.plimsoll.cli.shard;

import org.jspecify.annotations.NullMarked;
