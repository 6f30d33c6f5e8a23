package dev.plimsoll.model;

/// What the other runs of Plimsoll on this machine take of its memory.
///
/// @param held what they hold together
/// @param pending what they are about to allocate
public record OtherRuns(Bytes held, Bytes pending) {
  public static final OtherRuns NONE = new OtherRuns(Bytes.ZERO, Bytes.ZERO);
}
