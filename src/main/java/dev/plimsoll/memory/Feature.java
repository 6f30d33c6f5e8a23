package dev.plimsoll.memory;

/// Something that a system tells about its memory, or does not.
///
/// @param name what it is, in a few words
/// @param present whether this system has it
/// @param note what follows from that
public record Feature(String name, boolean present, String note) {}
