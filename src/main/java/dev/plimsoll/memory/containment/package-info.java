/// Limits the memory of a run and of each worker with cgroups.
///
/// {@link dev.plimsoll.memory.containment.ContainmentProbe} tries the {@link
/// dev.plimsoll.memory.containment.ContainmentMethod}s of `ContainmentLadder` in order and keeps
/// the first that works. {@link dev.plimsoll.memory.containment.Containment} prepares a cgroup for
/// a run (`RunCgroup`) and for each worker (`WorkerCgroup`).
///
/// An adapter: may use `memory` and what it may use. Start with `Containment`; a new method is one
/// class beside `WritableV2` and `DelegatedScope` (`systemd-run --user --scope`), and one line in
/// the ladder.
@NullMarked
package dev.plimsoll.memory.containment;

import org.jspecify.annotations.NullMarked;
