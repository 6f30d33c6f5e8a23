/// Dispatch a run: one thread owns the schedule's state and carries out its decisions.
@NullMarked
package dev.plimsoll.run;

import org.jspecify.annotations.NullMarked;
