/// `plan` and `merge`: what a suite over several machines needs before and after its shards run.
///
/// {@link dev.plimsoll.cli.shard.PlanCommand} makes the plan from history, {@link
/// dev.plimsoll.cli.shard.MergeCommand} puts the records of the shards together. `run --shard` is
/// in `cli.RunCommand`, and what decides is in `shard`.
@NullMarked
package dev.plimsoll.cli.shard;

import org.jspecify.annotations.NullMarked;
