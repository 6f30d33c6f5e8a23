/// The journal of a run, written so that a run that was killed can be resumed.
///
/// {@link dev.plimsoll.run.journal.Journal} writes it, {@link dev.plimsoll.run.journal.Unfinished}
/// reads what a run left behind, {@link dev.plimsoll.run.journal.Resumption} tells what became of
/// that run. May use `run.plan`.
@NullMarked
package dev.plimsoll.run.journal;

import org.jspecify.annotations.NullMarked;
