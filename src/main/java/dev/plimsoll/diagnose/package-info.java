/// Finds the smallest set of other tests that make a test fail.
///
/// {@link dev.plimsoll.diagnose.Search} is a sequence of experiments that halves the set of
/// suspects; {@link dev.plimsoll.diagnose.ExperimentDriver} is the interface that runs one
/// experiment, and `Notebook` keeps the observations. `Remedy` is a fix to suggest.
///
/// Pure; may use `model`. `run.experiment` implements the driver with a real pytest session. Start
/// with `Search`.
@NullMarked
package dev.plimsoll.diagnose;

import org.jspecify.annotations.NullMarked;
