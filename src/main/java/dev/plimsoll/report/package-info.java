/// Turn the summary of a run into text, Markdown, HTML, JUnit XML and JSON; pure.
@NullMarked
package dev.plimsoll.report;

import org.jspecify.annotations.NullMarked;
