/// Starts, watches and stops processes, and finds what a run leaves behind.
///
/// {@link dev.plimsoll.process.Child} is a started process with its output, {@link
/// dev.plimsoll.process.Stopper} ends a process tree, {@link dev.plimsoll.process.Watchdog} cleans
/// up after `kill -9`. `Preflight` finds programs that compete for memory, and `MachineLock` keeps
/// suites of one user apart.
///
/// An adapter: may use `model`. Start with `Child`.
@NullMarked
package dev.plimsoll.process;

import org.jspecify.annotations.NullMarked;
