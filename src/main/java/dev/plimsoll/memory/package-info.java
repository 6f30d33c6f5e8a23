/// Sense memory: /proc, cgroups v1 and v2, PSI, the kernel log.
@NullMarked
package dev.plimsoll.memory;

import org.jspecify.annotations.NullMarked;
