/// Predicts the duration and peak memory of a test from earlier samples.
///
/// {@link dev.plimsoll.estimate.Estimator} is the only decision: a maximum with a margin for few
/// samples, a high percentile for many, a group's typical figure for none.
///
/// Pure; may use `model`. The scheduler uses the results, `history` provides the samples.
@NullMarked
package dev.plimsoll.estimate;

import org.jspecify.annotations.NullMarked;
