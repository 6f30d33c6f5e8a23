package dev.plimsoll.inventory;

/// The group that the rules give a file, and which rule did.
public record Placement(String group, Rule rule) {
  /// Why a file belongs to a group.
  public sealed interface Rule {
    /// For users.
    String text();

    /// A glob fits its path.
    record ByPath(String glob) implements Rule {
      @Override
      public String text() {
        return "its path fits `" + glob + "`";
      }
    }

    /// A test in it has the marker.
    record ByMarker(String marker) implements Rule {
      @Override
      public String text() {
        return "it has the marker `" + marker + "`";
      }
    }

    /// Its name holds the word.
    record ByWord(String word) implements Rule {
      @Override
      public String text() {
        return "its name holds `" + word + "`";
      }
    }

    /// No rule fits, so the group that takes the rest has it.
    record Rest() implements Rule {
      @Override
      public String text() {
        return "no rule fits";
      }
    }
  }
}
