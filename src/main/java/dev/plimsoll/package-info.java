/// Plimsoll runs test suites in parallel as fast as the machine's memory safely allows.
///
/// The packages below point one way; `ArchitectureTest` keeps it. Pure packages (`model`,
/// `inventory`, `estimate`, `schedule`, `calibrate`, `report`) know no files, clocks, threads or
/// processes.
@NullMarked
package dev.plimsoll;

import org.jspecify.annotations.NullMarked;
