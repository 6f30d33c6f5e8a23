/// Run any test runner that has a worker flag, by its command line.
@NullMarked
package dev.plimsoll.engine.command;

import org.jspecify.annotations.NullMarked;
