/// Measures memory: of the machine, of the cgroups above the process, and of process trees.
///
/// {@link dev.plimsoll.memory.MemorySensor} samples the machine and its cgroups, `TreeMemory`
/// process trees. `SharedBudget` divides the memory among the runs of this machine. Limits are in
/// `memory.containment`, the kernel's records of kills in `memory.kernellog`.
///
/// An adapter: may use `model`, `schedule` (budgets) and `process`, and files below `/proc` and
/// `/sys`. `SystemRoot` lets tests use captured files. Start with `MemorySensor`.
@NullMarked
package dev.plimsoll.memory;

import org.jspecify.annotations.NullMarked;
