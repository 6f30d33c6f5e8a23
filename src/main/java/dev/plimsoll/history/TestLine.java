package dev.plimsoll.history;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import java.time.Duration;

/// One test over its recorded runs.
///
/// @param runs how many measurements the figures come from
/// @param source how `largest` was taken
/// @param last outcome of the newest run
public record TestLine(
    String id,
    int runs,
    Duration mean,
    Duration longest,
    Bytes largest,
    PeakSource source,
    Outcome last) {}
