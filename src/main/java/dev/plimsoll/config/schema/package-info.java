/// The keys of the configuration: their names, types, defaults, units and documentation.
///
/// {@link dev.plimsoll.config.schema.ConfigSchema} is the single source: `plimsoll config`, the
/// template of `plimsoll init`, the reference in the docs and the checks of a user's file all read
/// it. This package reads no files; `dev.plimsoll.config` does, and depends on this one. Start
/// reading at {@link dev.plimsoll.config.schema.Keys}.
@NullMarked
package dev.plimsoll.config.schema;

import org.jspecify.annotations.NullMarked;
