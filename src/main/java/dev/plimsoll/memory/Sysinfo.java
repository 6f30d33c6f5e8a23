package dev.plimsoll.memory;

import dev.plimsoll.model.Bytes;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// What the kernel's call `sysinfo` tells where `/proc/meminfo` cannot be read. It knows no page
/// cache, so what it calls free is less than what is available.
///
/// @param buffers memory of the buffer cache, which the kernel gives up when it is asked for memory
record Sysinfo(Bytes total, Bytes free, Bytes buffers, Bytes swapTotal, Bytes swapFree) {
  /// `struct sysinfo` of sysinfo(2) where a `long` has 64 bits: `uptime` and three `loads` come
  /// first, then the sizes in units of `mem_unit` bytes.
  private static final int SIZE = 112;

  private static final long TOTAL = 32;
  private static final long FREE = 40;
  private static final long BUFFERS = 56;
  private static final long SWAP_TOTAL = 64;
  private static final long SWAP_FREE = 72;
  private static final long UNIT = 104;

  /// Ask the kernel; empty where it does not answer.
  @SuppressWarnings("restricted") // the manifest enables native access
  static Optional<Sysinfo> read() {
    Linker linker = Linker.nativeLinker();
    var address = linker.defaultLookup().find("sysinfo");
    if (address.isEmpty() || ValueLayout.ADDRESS.byteSize() != Long.BYTES) {
      return Optional.empty();
    }
    MethodHandle call =
        linker.downcallHandle(
            address.get(), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment struct = arena.allocate(SIZE, Long.BYTES);
      return (int) call.invokeExact(struct) == 0 ? Optional.of(of(struct)) : Optional.empty();
    } catch (Throwable refused) { // what a method handle may throw
      return Optional.empty();
    }
  }

  private static Sysinfo of(MemorySegment struct) {
    long unit = Math.max(1, Integer.toUnsignedLong(struct.get(ValueLayout.JAVA_INT, UNIT)));
    return new Sysinfo(
        size(struct, TOTAL, unit),
        size(struct, FREE, unit),
        size(struct, BUFFERS, unit),
        size(struct, SWAP_TOTAL, unit),
        size(struct, SWAP_FREE, unit));
  }

  private static Bytes size(MemorySegment struct, long offset, long unit) {
    return Bytes.of(struct.get(ValueLayout.JAVA_LONG, offset) * unit);
  }
}
