/// Watch the memory of a run, contain its workers, and find out why one died.
///
/// {@link dev.plimsoll.run.guard.MemoryWatch} and {@link dev.plimsoll.run.guard.Guard} are what the
/// dispatcher sees; `SystemMemory` and `SystemGuard` are the real machine. Knows no other package
/// of `run`.
@NullMarked
package dev.plimsoll.run.guard;

import org.jspecify.annotations.NullMarked;
