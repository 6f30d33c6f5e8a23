/// Runs a Playwright selection with Playwright's own runner.
///
/// {@link dev.plimsoll.engine.playwright.PlaywrightRunner} starts the runner with the reporter in
/// `src/main/js`, which sends {@link dev.plimsoll.engine.playwright.ReporterMessage}s over a
/// socket. `Ledger` and `BrowserResults` turn them into outcomes, and `Stall` notices when no test
/// starts or ends. `Sharing` chooses the tests of a shard. Start with `PlaywrightRunner`.
@NullMarked
package dev.plimsoll.engine.playwright;

import org.jspecify.annotations.NullMarked;
