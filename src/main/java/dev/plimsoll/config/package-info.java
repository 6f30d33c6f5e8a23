/// Reads `plimsoll.toml` or `[tool.plimsoll]`, and the options of the command line, into one {@link
/// dev.plimsoll.config.Config}.
///
/// The schema is the single source: {@link dev.plimsoll.config.Keys} (and `GroupKeys`, `StageKeys`,
/// `ServerKeys`) define each key with its type, default and documentation. The reader, `plimsoll
/// config`, `plimsoll init` and docs/configuration.md all use these definitions.
///
/// May use `model` and `inventory`, and files. Start with {@link dev.plimsoll.config.ConfigLoader}.
@NullMarked
package dev.plimsoll.config;

import org.jspecify.annotations.NullMarked;
