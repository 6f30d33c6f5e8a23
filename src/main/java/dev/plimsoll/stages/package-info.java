/// A chain of stages: their order, what may run after what, and what does not run and why. Pure.
@NullMarked
package dev.plimsoll.stages;

import org.jspecify.annotations.NullMarked;
