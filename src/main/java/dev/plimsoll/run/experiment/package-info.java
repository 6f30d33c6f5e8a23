/// Run chosen tests in chosen company, for `diagnose` and `calibrate`: which tests fail beside or
/// after which others.
///
/// {@link dev.plimsoll.run.experiment.ExperimentRunner} makes one experiment after another on an
/// `ExperimentHost`, a pytest session that collects once.
@NullMarked
package dev.plimsoll.run.experiment;

import org.jspecify.annotations.NullMarked;
