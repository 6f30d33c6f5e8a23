/// `plimsoll calibrate` and `plimsoll choose`.
///
/// {@link dev.plimsoll.cli.calibration.CalibrationLoop} asks the pure package `calibrate` for the
/// next move, and a `LevelRunner` measures it: `GroupLevelRunner` for pytest, `StageLevelRunner`
/// for stages, `CommandLevelRunner` for commands. `CalibrationStore` keeps the results per machine.
/// Start with `CalibrateCommand`.
@NullMarked
package dev.plimsoll.cli.calibration;

import org.jspecify.annotations.NullMarked;
