/// Put a run of pytest together on the real machine.
///
/// Start with {@link dev.plimsoll.run.PytestLauncher}. The parts are packages of their own: `plan`
/// (what is decided before), `dispatch` (what happens meanwhile), `guard` (memory, containment,
/// deaths), `journal` (what outlives a crash), `experiment` (for `diagnose`), `chain` (stages of
/// other runners).
@NullMarked
package dev.plimsoll.run;

import org.jspecify.annotations.NullMarked;
