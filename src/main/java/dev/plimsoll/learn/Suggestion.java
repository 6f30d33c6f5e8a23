package dev.plimsoll.learn;

/// A file that belongs to another group.
///
/// @param to the group it belongs to, empty when none is careful enough
/// @param reason a clause with the figures
public record Suggestion(String path, String from, String to, Kind kind, String reason) {
  /// What speaks for the move, the strongest first.
  public enum Kind {
    PARALLEL("fails in parallel"),
    MEMORY("memory"),
    TIME("time"),
    SMALL("small");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  /// Whether there is a group to move it to.
  public boolean isMove() {
    return !to.isEmpty();
  }
}
