package dev.plimsoll.learn;

/// A group as suggestions see it.
///
/// @param workers how many of its tests run at once
public record Group(String name, int workers) {}
