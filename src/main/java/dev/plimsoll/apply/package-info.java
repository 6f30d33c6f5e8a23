/// Edits of a project's own files as pure text: every character outside an edit stays as it is.
@NullMarked
package dev.plimsoll.apply;

import org.jspecify.annotations.NullMarked;
