package dev.plimsoll.model;

import java.time.Duration;

/// A part of a run with figures of its own: a stage of a chain, or the server under test.
///
/// @param ending how it ended, in a few words: `passed`, `failed: 2 tests failed`, `not run: ...`
/// @param workers how many tests ran at once, 0 when none did
/// @param duration zero when it did not run
/// @param peak peak memory of its processes alone
/// @param source how `peak` was taken
public record Part(
    String name, String ending, int workers, Duration duration, Bytes peak, PeakSource source) {}
