package dev.plimsoll.calibrate;

/// A level that was measured and not chosen.
///
/// @param reason a clause with the level as its subject: `8 is no faster and swap grows from 51 to
///   566 MB`
/// @param detail the figures behind it, may be empty
public record Rejected(int workers, Kind kind, String reason, String detail) {
  /// Why a level was not chosen.
  public enum Kind {
    UNSTABLE("unstable"),
    INCOMPLETE("incomplete"),
    NO_FASTER("no faster"),
    MEMORY("memory"),
    SLOWER("slower"),
    LITTLE_GAIN("little gain"),
    NOT_TRIED("not tried");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }
}
