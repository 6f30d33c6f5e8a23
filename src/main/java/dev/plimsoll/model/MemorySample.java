package dev.plimsoll.model;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// The memory of the machine at one moment. What this system does not tell is empty.
///
/// @param total memory of the machine
/// @param free memory that nothing uses
/// @param buffCache buffers, page cache and reclaimable slab, as `free` adds them up
/// @param available what can be allocated without swapping (`MemAvailable`)
/// @param swapTotal size of all swap
/// @param swapUsed swap in use
/// @param pagesIn pages read back from swap since boot (`pswpin`)
/// @param pagesOut pages written to swap since boot (`pswpout`)
/// @param someStall share of the last 10 s, in percent, in which some task waited for memory
/// @param fullStall share of the last 10 s, in percent, in which all tasks waited for memory
/// @param oomKills processes that the kernel killed for memory since boot (`oom_kill`)
/// @param ceilings limits of this process's control group and those above it, innermost first
public record MemorySample(
    Bytes total,
    Bytes free,
    Bytes buffCache,
    Bytes available,
    Bytes swapTotal,
    Bytes swapUsed,
    OptionalLong pagesIn,
    OptionalLong pagesOut,
    OptionalDouble someStall,
    OptionalDouble fullStall,
    OptionalLong oomKills,
    List<Ceiling> ceilings) {
  public MemorySample {
    ceilings = List.copyOf(ceilings);
  }

  /// Used memory as `free` prints it: total less free less buffers and cache.
  public Bytes used() {
    return total.minus(free).minus(buffCache).max(Bytes.ZERO);
  }
}
