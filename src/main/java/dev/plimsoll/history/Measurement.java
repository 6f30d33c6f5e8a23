package dev.plimsoll.history;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import java.time.Duration;

/// What one test took in one recorded run.
public record Measurement(Duration duration, Bytes peak, PeakSource source, Outcome outcome) {}
