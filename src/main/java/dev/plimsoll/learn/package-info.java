/// Suggests moves of test files between groups, from recorded runs.
///
/// {@link dev.plimsoll.learn.Suggestions} compares each file with the typical figures of its group;
/// `ParallelOnly` finds tests that fail only in parallel.
///
/// Pure; may use `model` and `inventory`. `plimsoll groups suggest` prints the result. Start with
/// `Suggestions`.
@NullMarked
package dev.plimsoll.learn;

import org.jspecify.annotations.NullMarked;
