/// Run pytest: find the user's Python, put the plugin on its path, talk to the host.
@NullMarked
package dev.plimsoll.engine.pytest;

import org.jspecify.annotations.NullMarked;
