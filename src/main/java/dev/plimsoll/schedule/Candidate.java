package dev.plimsoll.schedule;

import dev.plimsoll.estimate.Estimate;

/// A test as the planner sees it, in the order of collection.
///
/// @param path file of the test
/// @param unit key of the scope whose tests stay together, empty when it splits freely
/// @param pool key that binds tests from anywhere to one worker (`xdist_group`), empty when none
/// @param group index of its group in the order of the groups
public record Candidate(String path, String unit, String pool, int group, Estimate estimate) {}
