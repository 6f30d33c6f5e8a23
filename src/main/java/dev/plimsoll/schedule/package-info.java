/// Decides which test runs next, on which worker, and what to preempt when memory runs short.
///
/// {@link dev.plimsoll.schedule.Scheduler} is a state that takes an {@link
/// dev.plimsoll.schedule.Event} and returns a list of {@link dev.plimsoll.schedule.Decision}. Its
/// parts: `Planner` cuts tests into units, `ReadyQueue` holds waiting units, `GroupGate` says which
/// groups may run, `UnitSelector` chooses a unit, `WorkerPool` keeps the leases.
///
/// Pure; may use `model` and `estimate`. The same events give the same decisions, so the tests
/// simulate whole suites. Start with `Scheduler`.
@NullMarked
package dev.plimsoll.schedule;

import org.jspecify.annotations.NullMarked;
