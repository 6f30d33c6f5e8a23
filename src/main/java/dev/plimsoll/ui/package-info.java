/// Show a run in the terminal; a consumer of RunEvent.
@NullMarked
package dev.plimsoll.ui;

import org.jspecify.annotations.NullMarked;
