/// Start, watch and stop process trees.
@NullMarked
package dev.plimsoll.process;

import org.jspecify.annotations.NullMarked;
