/// Finds the fastest stable number of workers from measurements.
///
/// {@link dev.plimsoll.calibrate.Ramp} decides which level to measure next, {@link
/// dev.plimsoll.calibrate.choice.Stability} rejects unstable levels, {@link
/// dev.plimsoll.calibrate.choice.ChoicePolicy} chooses among the rest, and `RejectionText` says why
/// not the others. `SuiteProof` proves the chosen levels of all groups together. `TableReader` and
/// `CalibrationDocument` read and write the measurements.
///
/// Pure; may use `model`, `estimate` and `schedule`. `cli.calibration` runs the trials. Start with
/// `Ramp`.
@NullMarked
package dev.plimsoll.calibrate;

import org.jspecify.annotations.NullMarked;
