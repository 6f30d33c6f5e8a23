/// Commands that show and keep the lists of test files in each group.
@NullMarked
package dev.plimsoll.cli.groups;

import org.jspecify.annotations.NullMarked;
