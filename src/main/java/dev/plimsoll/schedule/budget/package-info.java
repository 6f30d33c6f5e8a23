/// How much memory a run may use, and how short of it the run is.
///
/// {@link dev.plimsoll.schedule.budget.Budget} is made of a {@link
/// dev.plimsoll.schedule.budget.BudgetRule}, a {@link dev.plimsoll.schedule.budget.Reserve} and
/// what the machine has; {@link dev.plimsoll.schedule.budget.Pressure} turns memory samples into
/// the headroom and the state that the scheduler takes as {@link dev.plimsoll.schedule.Memory}.
///
/// Pure; may use `model` and `schedule`. Start with `Budget`.
@NullMarked
package dev.plimsoll.schedule.budget;

import org.jspecify.annotations.NullMarked;
