/// Calibrations as documents: what is written to `.plimsoll` and read back, and tables of
/// measurements that users bring along for `plimsoll choose`.
@NullMarked
package dev.plimsoll.calibrate.document;

import org.jspecify.annotations.NullMarked;
