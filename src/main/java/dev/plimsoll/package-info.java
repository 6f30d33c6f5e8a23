/// Plimsoll runs test suites in parallel, as fast as the machine's memory safely allows.
///
/// Dependencies between the packages have one direction; `ArchitectureTest` checks it. From the
/// bottom: `model`; the pure packages, which use no files, clocks, threads or processes
/// (`inventory`, `estimate`, `schedule`, `calibrate`, `diagnose`, `learn`, `stages`, `report`,
/// `verdict`, `apply`, `shard`, `board`); the adapters to the outside world (`files`, `config`,
/// `memory`, `process`, `engine`, `history`, `store`); `run`, which puts them together; `ui` and
/// `cli` on top.
///
/// docs/architecture.md follows a test, a worker's death, a calibration level and a configuration
/// key through these packages.
@NullMarked
package dev.plimsoll;

import org.jspecify.annotations.NullMarked;
