/// Decide everything that can be decided before a run of pytest starts.
///
/// {@link dev.plimsoll.run.plan.RunRequest} is what the user asked for, {@link
/// dev.plimsoll.run.plan.RunPlan} what comes of it; {@link dev.plimsoll.run.plan.PlanMaker} makes
/// the one of the other. {@link dev.plimsoll.run.plan.RunBootstrap} prepares what every run needs
/// and can begin before the configuration is read. Knows no other package of `run`.
@NullMarked
package dev.plimsoll.run.plan;

import org.jspecify.annotations.NullMarked;
