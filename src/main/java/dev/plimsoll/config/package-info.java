/// Reads `plimsoll.toml` or `[tool.plimsoll]`, and the options of the command line, into one {@link
/// dev.plimsoll.config.Config}.
///
/// `ConfigFile` finds and parses the file, `ConfigReader` checks it against `config.schema` and
/// reports all errors together, `Overrides` are the options. `GroupFolder` reads and writes the
/// group lists, and `AtomicFile` replaces a file safely.
///
/// An adapter: may use `model`, `inventory` and files. Start with {@link
/// dev.plimsoll.config.ConfigLoader}.
@NullMarked
package dev.plimsoll.config;

import org.jspecify.annotations.NullMarked;
