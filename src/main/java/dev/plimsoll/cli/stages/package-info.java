/// Commands for the chain of stages, and the glue that runs one from the command line.
@NullMarked
package dev.plimsoll.cli.stages;

import org.jspecify.annotations.NullMarked;
