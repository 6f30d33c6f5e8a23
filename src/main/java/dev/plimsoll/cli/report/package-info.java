/// Commands that show recorded runs, and the files that a run's results are written to.
@NullMarked
package dev.plimsoll.cli.report;

import org.jspecify.annotations.NullMarked;
