/// Shows a run while it goes on: a live display in terminals, plain lines elsewhere.
///
/// {@link dev.plimsoll.ui.Display} consumes events; `Displays` chooses `LiveDisplay` or
/// `PlainDisplay`, and `QueuedDisplay` keeps a slow terminal from delaying the run. {@link
/// dev.plimsoll.ui.Messages} prints what each event means, `RunView` is the state that both
/// displays draw, and `LiveBlock` draws it.
///
/// May use the pure packages and the terminal. Start with `Display` and `Messages`.
@NullMarked
package dev.plimsoll.ui;

import org.jspecify.annotations.NullMarked;
