/// Commands, exit codes and the composition root.
@NullMarked
package dev.plimsoll.cli;

import org.jspecify.annotations.NullMarked;
