/// Runs a test together with chosen other tests, for `plimsoll diagnose`.
///
/// {@link dev.plimsoll.run.experiment.ExperimentRunner} implements `diagnose.ExperimentDriver` with
/// an `ExperimentHost`: a pytest session that collects once and runs each experiment in fresh
/// workers. Start with `ExperimentRunner`.
@NullMarked
package dev.plimsoll.run.experiment;

import org.jspecify.annotations.NullMarked;
