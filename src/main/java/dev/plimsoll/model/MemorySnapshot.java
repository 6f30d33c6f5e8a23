package dev.plimsoll.model;

import java.time.Instant;

/// Memory at one moment of a run.
///
/// @param used what the run's processes take together
/// @param source how `used` was taken
/// @param budget what they may take
/// @param available what the machine can still give without swapping (`MemAvailable`)
/// @param swapUsed swap in use on the whole machine
public record MemorySnapshot(
    Instant at, Bytes used, PeakSource source, Bytes budget, Bytes available, Bytes swapUsed) {}
