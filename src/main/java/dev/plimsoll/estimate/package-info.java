/// Predict duration and peak memory of a test from earlier samples; pure.
@NullMarked
package dev.plimsoll.estimate;

import org.jspecify.annotations.NullMarked;
