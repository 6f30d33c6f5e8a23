package dev.plimsoll.board;

import dev.plimsoll.model.Bytes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a store has of a board at a moment, apart from the records. Reading it changes nothing.
///
/// @param tests how many the run has
/// @param open whether the board is filled, so that machines can join
/// @param machines the last membership of each machine that has joined
/// @param suspects the tests of which one machine died, or two
public record BoardSnapshot(
    int tests, boolean open, List<Membership> machines, Set<Integer> suspects) {
  public BoardSnapshot {
    machines = List.copyOf(machines);
    suspects = Set.copyOf(suspects);
  }

  /// What a machine is to the board.
  public enum State {
    /// It takes part.
    JOINED("joined"),
    /// The store has started again, and the machine has not joined again.
    AWAY("away"),
    /// It stopped answering, and its tests went to others.
    LOST("lost"),
    /// It has ended in order.
    LEFT("left");

    private final String word;

    State(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  /// A machine.
  ///
  /// @param silence since its last sign of life, empty when it is not known
  /// @param workers 0 when it takes no part
  /// @param budget memory that its tests may hold together
  /// @param given tests that it has, settled ones too
  /// @param handed those of them that its workers got
  public record Membership(
      String name,
      State state,
      Optional<Duration> silence,
      int workers,
      Bytes budget,
      Set<Integer> given,
      List<Integer> handed) {
    public Membership {
      given = Set.copyOf(given);
      handed = List.copyOf(handed);
    }
  }
}
