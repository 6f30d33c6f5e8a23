/// Read plimsoll.toml or [tool.plimsoll] and flags into one Config.
@NullMarked
package dev.plimsoll.config;

import org.jspecify.annotations.NullMarked;
