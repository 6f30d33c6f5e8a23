/// Say why a worker died, and how surely that is known; pure.
@NullMarked
package dev.plimsoll.verdict;

import org.jspecify.annotations.NullMarked;
