/// Decide which group a test file belongs to, and keep the group lists; pure.
@NullMarked
package dev.plimsoll.inventory;

import org.jspecify.annotations.NullMarked;
