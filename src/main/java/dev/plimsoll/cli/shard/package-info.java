/// `plan`: which machine would run which tests. Nothing runs or merges such shards yet.
///
/// {@link dev.plimsoll.cli.shard.PlanCommand} makes the plan from history; what decides is in
/// `shard`.
@NullMarked
package dev.plimsoll.cli.shard;

import org.jspecify.annotations.NullMarked;
