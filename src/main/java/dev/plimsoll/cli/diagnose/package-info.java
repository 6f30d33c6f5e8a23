/// `plimsoll diagnose`: runs the search of the pure package `diagnose` with real experiments.
///
/// {@link dev.plimsoll.cli.diagnose.Suspicion} finds the tests to suspect first, in calibrations
/// and recorded runs. Start with `DiagnoseCommand`.
@NullMarked
package dev.plimsoll.cli.diagnose;

import org.jspecify.annotations.NullMarked;
