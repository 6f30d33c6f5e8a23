/// `plimsoll apply`: writes calibrated numbers into the project's files.
///
/// {@link dev.plimsoll.cli.apply.ApplyPlan} collects all edits as drafts before `EditWriter` writes
/// any of them. The edits themselves are in the pure package `apply`. Start with `ApplyCommand`.
@NullMarked
package dev.plimsoll.cli.apply;

import org.jspecify.annotations.NullMarked;
