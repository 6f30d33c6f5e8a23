/// Commands that measure groups and stages, choose their number of workers and keep the result.
@NullMarked
package dev.plimsoll.cli.calibration;

import org.jspecify.annotations.NullMarked;
