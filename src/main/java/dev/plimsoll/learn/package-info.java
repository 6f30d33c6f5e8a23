/// Learn from recorded runs which test files belong to another group; pure.
@NullMarked
package dev.plimsoll.learn;

import org.jspecify.annotations.NullMarked;
