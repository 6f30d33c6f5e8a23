/// Measures memory, sets limits with cgroups, and reads the kernel's records of kills.
///
/// {@link dev.plimsoll.memory.MemorySensor} samples the machine and the cgroups above the process;
/// `TreeMemory` measures process trees. {@link dev.plimsoll.memory.Containment} prepares a cgroup
/// for a run (`RunCgroup`) and for each worker (`WorkerCgroup`), with the {@link
/// dev.plimsoll.memory.ContainmentMethod} that `ContainmentProbe` proved to work. `KernelLog` reads
/// the journal, kmsg or dmesg.
///
/// An adapter: may use `model`, `schedule` (budgets) and `process`, and files below `/proc` and
/// `/sys`. `SystemRoot` lets tests use captured files. Start with `MemorySensor`.
@NullMarked
package dev.plimsoll.memory;

import org.jspecify.annotations.NullMarked;
