/// Carry out a chain of stages: its server under test, its runners, its locks.
@NullMarked
package dev.plimsoll.run.chain;

import org.jspecify.annotations.NullMarked;
