/// Writes runs, calibrations and diagnoses as text, Markdown, HTML, JUnit XML and JSON.
///
/// Each format is a class that takes a {@link dev.plimsoll.model.RunSummary} and returns a text:
/// {@link dev.plimsoll.report.RunText}, `RunMarkdown`, `json.RunJson`, `junit.JunitXml`,
/// `html.HtmlPage`. `Words` and `Style` format numbers and colours for all of them; `TerminalText`
/// makes ids safe to print.
///
/// Pure; may use `model`, `calibrate` and `diagnose`. Start with `RunText`.
@NullMarked
package dev.plimsoll.report;

import org.jspecify.annotations.NullMarked;
