package dev.plimsoll.calibrate;

/// State of a calibration and what to do next.
public record Step(RampState state, Move move) {}
