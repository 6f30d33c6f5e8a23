/// Run Playwright suites with Playwright's own runner, listening through a reporter of ours.
@NullMarked
package dev.plimsoll.engine.playwright;

import org.jspecify.annotations.NullMarked;
