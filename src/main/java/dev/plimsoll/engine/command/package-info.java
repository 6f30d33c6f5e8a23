/// Runs any command as a stage, with `{workers}` in its command line.
///
/// {@link dev.plimsoll.engine.command.CommandRunner} starts the command in a shell; `JunitReport`
/// reads the JUnit XML file that it writes. Without such a file the command counts as one test.
/// This is the shortest implementation of {@link dev.plimsoll.engine.Runner}.
@NullMarked
package dev.plimsoll.engine.command;

import org.jspecify.annotations.NullMarked;
