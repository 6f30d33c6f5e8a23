/// Decide what runs next: State and Event in, State and decisions out; pure.
@NullMarked
package dev.plimsoll.schedule;

import org.jspecify.annotations.NullMarked;
