/// Run tests through a test runner: the TestEngine SPI and its implementations.
@NullMarked
package dev.plimsoll.engine;

import org.jspecify.annotations.NullMarked;
