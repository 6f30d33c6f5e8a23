/// Ids, sizes, outcomes and events that every other package speaks in; depends on nothing.
@NullMarked
package dev.plimsoll.model;

import org.jspecify.annotations.NullMarked;
