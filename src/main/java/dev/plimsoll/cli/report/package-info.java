/// `plimsoll report` and `plimsoll history`, and the files that other commands write as reports.
///
/// {@link dev.plimsoll.cli.report.ReportFile} writes a report in place and refuses paths that
/// cannot be written before the tests run. The formats are in the pure package `report`. Start with
/// `ReportCommand`.
@NullMarked
package dev.plimsoll.cli.report;

import org.jspecify.annotations.NullMarked;
