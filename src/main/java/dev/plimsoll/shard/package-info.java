/// Divides a suite among several machines, and puts their results together again.
///
/// {@link dev.plimsoll.shard.Packer} makes a {@link dev.plimsoll.shard.ShardPlan} from what history
/// knows. The plan is a total function of a unit's key: it also answers for units that it does not
/// know, so that no machine has to ask another. {@link dev.plimsoll.shard.Merge} takes the records
/// of all shards and answers with one run, in which every collected test has an outcome.
///
/// Pure; may use `model` and `estimate`. Start with `ShardPlan`.
@NullMarked
package dev.plimsoll.shard;

import org.jspecify.annotations.NullMarked;
