/// What a shell and an editor know of the program: completion, man pages and the JSON schema of the
/// configuration.
///
/// May use the commands' model (picocli), the configuration's schema and the history. Start reading
/// at `CompleteCommand`, which answers the completion scripts of all shells.
@NullMarked
package dev.plimsoll.cli.shell;

import org.jspecify.annotations.NullMarked;
