/// The report page: one file that needs no network.
///
/// `ReportTree` is the data that the page reads, `HtmlPage` puts it into the template.
///
/// Pure: may use `report` and what it may use. The callers write the text into files.
@NullMarked
package dev.plimsoll.report.html;

import org.jspecify.annotations.NullMarked;
