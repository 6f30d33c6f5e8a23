package dev.plimsoll.schedule;

import dev.plimsoll.estimate.Estimate;

/// A test as the planner sees it, in the order of collection.
///
/// @param path file of the test
/// @param unit what tests share that stay together on one worker, empty when it splits freely
/// @param group index of its group in the order of the groups
public record Candidate(String path, String unit, int group, Estimate estimate) {}
