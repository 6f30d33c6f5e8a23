/// The words that all packages share: tests, outcomes, events, memory figures and errors.
///
/// {@link dev.plimsoll.model.RunEvent} is the sealed list of everything that happens in a run;
/// reports, the display and the history consume it. {@link dev.plimsoll.model.RunSummary} is a
/// finished run, {@link dev.plimsoll.model.TestResult} one test in it. {@link
/// dev.plimsoll.model.UserError} is the only exception for mistakes that users can fix.
///
/// Pure; uses no other package. Start with `RunEvent` and `TestResult`.
@NullMarked
package dev.plimsoll.model;

import org.jspecify.annotations.NullMarked;
