/// `plimsoll diagnose`: find the tests that make another test fail.
@NullMarked
package dev.plimsoll.cli.diagnose;

import org.jspecify.annotations.NullMarked;
