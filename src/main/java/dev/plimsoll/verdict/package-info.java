/// Decides why a worker or a browser died, and how certain that is.
///
/// {@link dev.plimsoll.verdict.DeathClassifier} turns {@link dev.plimsoll.verdict.DeathEvidence}
/// (signal, counters, kernel log) into a {@link dev.plimsoll.verdict.Verdict} with a cause, a
/// certainty and sentences for the user.
///
/// Pure; may use `model`, and `report` for the words of a shortage. `run.guard` and `run.chain`
/// collect the evidence. Start with `DeathClassifier`.
@NullMarked
package dev.plimsoll.verdict;

import org.jspecify.annotations.NullMarked;
