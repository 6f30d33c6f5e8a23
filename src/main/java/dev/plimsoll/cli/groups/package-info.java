/// `plimsoll groups`: list, sync, check, explain, move and suggest.
///
/// {@link dev.plimsoll.cli.groups.GroupProject} brings together the lists, the rules and pytest's
/// list of test files. `GroupEvidence` collects the measurements for `suggest`. The decisions are
/// in `inventory` and `learn`. Start with `GroupProject`.
@NullMarked
package dev.plimsoll.cli.groups;

import org.jspecify.annotations.NullMarked;
