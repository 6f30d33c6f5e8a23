/// `plimsoll run`: its options, pytest's own arguments, and what it does after the run.
///
/// {@link dev.plimsoll.cli.run.RunCommand} turns the options into a `RunRequest` and starts it.
/// `PytestArguments` knows which arguments are pytest's, `PytestProcess` becomes pytest where
/// Plimsoll steps aside, `Replay` runs again what one worker ran.
///
/// Start with `RunCommand`.
@NullMarked
package dev.plimsoll.cli.run;

import org.jspecify.annotations.NullMarked;
