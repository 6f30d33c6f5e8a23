/// The commands, their options and exit codes; the only package that exits the process.
///
/// {@link dev.plimsoll.cli.Main} starts {@link dev.plimsoll.cli.Plimsoll}, and each command is a
/// class that loads the configuration, puts the parts together and returns an exit code. `Options`
/// builds the options that commands share, `ProjectFlags` and `ConfigFlags` map options to
/// configuration keys, and `EventSinks` is the list of consumers of a run's events.
///
/// May use every package. Start with `run.RunCommand`.
@NullMarked
package dev.plimsoll.cli;

import org.jspecify.annotations.NullMarked;
