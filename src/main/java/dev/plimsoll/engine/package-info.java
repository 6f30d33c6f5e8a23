/// The interfaces to test runners that schedule their own tests: Playwright and commands.
///
/// {@link dev.plimsoll.engine.Runner} is the one method that such an engine implements; {@link
/// dev.plimsoll.engine.MemoryObserver} lets the caller watch and limit its processes. pytest is
/// different: Plimsoll schedules its tests, see `engine.pytest`. With a {@link
/// dev.plimsoll.engine.Division} a runner runs a part of its tests.
///
/// An adapter: may use `model`, `process`, `shard` and `verdict`. Start with `Runner`.
@NullMarked
package dev.plimsoll.engine;

import org.jspecify.annotations.NullMarked;
