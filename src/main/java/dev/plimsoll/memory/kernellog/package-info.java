/// Kernel logs: where the system keeps them, and the lines about memory kills in them.
///
/// Each `LogSource` reads one place (kmsg, the journal, text files); `KernelLogParser` is pure and
/// turns lines into kills. Start reading at {@link dev.plimsoll.memory.kernellog.KernelLog}.
@NullMarked
package dev.plimsoll.memory.kernellog;

import org.jspecify.annotations.NullMarked;
