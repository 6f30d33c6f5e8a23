/// The keys of the configuration: their names, types, defaults and documentation.
///
/// {@link dev.plimsoll.config.schema.ConfigSchema} is the single source. `plimsoll config`, the
/// template of `plimsoll init`, docs/configuration.md and the checks of a user's file all use it.
/// This package reads no files. Start with {@link dev.plimsoll.config.schema.Keys}.
@NullMarked
package dev.plimsoll.config.schema;

import org.jspecify.annotations.NullMarked;
