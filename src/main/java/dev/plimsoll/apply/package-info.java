/// Edits the files of a project: pytest's configuration, TOML, and marked sections of text files.
///
/// {@link dev.plimsoll.apply.PytestFile}, {@link dev.plimsoll.apply.TomlEdit} and {@link
/// dev.plimsoll.apply.MarkedSection} each take a text and return a text. They change one value and
/// keep every other character.
///
/// Pure; may use `model` and `calibrate`. `cli.apply` reads and writes the files. Start with
/// `MarkedSection` and `PytestFile`.
@NullMarked
package dev.plimsoll.apply;

import org.jspecify.annotations.NullMarked;
