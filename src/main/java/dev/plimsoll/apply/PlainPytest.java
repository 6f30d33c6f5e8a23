package dev.plimsoll.apply;

/// What a plain `pytest` uses.
///
/// @param workers the number in its `addopts`
/// @param file where that stands
/// @param group the group that it was taken from
public record PlainPytest(int workers, String file, String group) {}
