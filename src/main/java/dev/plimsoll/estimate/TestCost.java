package dev.plimsoll.estimate;

import dev.plimsoll.model.Bytes;
import java.time.Duration;

/// What history knows of a test that a plan over several machines needs.
///
/// @param unit what keeps it together with other tests, empty when it is free
/// @param group the group that it ran in last
/// @param time its {@linkplain Estimator#planningTime planning time}
/// @param peak its expected peak
public record TestCost(String id, String unit, String group, Duration time, Bytes peak) {}
