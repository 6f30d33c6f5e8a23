/// Test runners behind one interface each: what Plimsoll schedules itself (`engine.pytest`), and
/// {@link Runner}s that schedule by themselves.
@NullMarked
package dev.plimsoll.engine;

import org.jspecify.annotations.NullMarked;
