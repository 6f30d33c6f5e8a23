/// Keep runs and their tests in SQLite.
@NullMarked
package dev.plimsoll.history;

import org.jspecify.annotations.NullMarked;
