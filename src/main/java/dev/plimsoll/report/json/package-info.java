/// Documents for other programs: runs, events and diagnoses as JSON, and a trace for Chrome's
/// viewer.
///
/// `RunJson` and `DiagnosisJson` are the documents of `--json`, `EventJson` the lines of
/// `--events`, `ChromeTrace` the file of `--trace-file`.
///
/// Pure: may use `report` and what it may use. The callers write the text into files.
@NullMarked
package dev.plimsoll.report.json;

import org.jspecify.annotations.NullMarked;
