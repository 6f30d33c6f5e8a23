/// Decide the ramp-up and choose a level of workers from measurements; pure.
@NullMarked
package dev.plimsoll.calibrate;

import org.jspecify.annotations.NullMarked;
