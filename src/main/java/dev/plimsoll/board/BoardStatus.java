package dev.plimsoll.board;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Outcome;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// How a run on a board stands, for people. Each of its tests is done, given to a machine, or
/// waits.
///
/// @param counts the tests that are done, by outcome
/// @param given how many tests machines have
/// @param suspects tests whose machine died, and that run again alone
/// @param poison tests whose machine died twice
public record BoardStatus(
    int tests,
    boolean open,
    Map<Outcome, Integer> counts,
    int given,
    List<Machine> machines,
    List<String> suspects,
    List<String> poison) {
  public BoardStatus {
    counts = Map.copyOf(counts);
    machines = List.copyOf(machines);
    suspects = List.copyOf(suspects);
    poison = List.copyOf(poison);
  }

  /// A machine of the run.
  ///
  /// @param silence since its last sign of life, empty when it is not known
  /// @param given how many tests it has that are not done
  /// @param running those of them that its workers got
  public record Machine(
      String name,
      BoardSnapshot.State state,
      Optional<Duration> silence,
      int workers,
      Bytes budget,
      int given,
      List<String> running) {
    public Machine {
      running = List.copyOf(running);
    }
  }

  /// Put together what the store has. The records may be newer than the rest.
  public static BoardStatus of(BoardSnapshot store, BoardRecords records) {
    Predicate<Integer> open = test -> !records.isDone(test);
    var given = new HashSet<Integer>();
    store.machines().forEach(machine -> given.addAll(machine.given()));
    given.removeIf(open.negate());
    return new BoardStatus(
        store.tests(),
        store.open(),
        records.counts(),
        given.size(),
        store.machines().stream()
            .sorted(
                Comparator.comparing(BoardSnapshot.Membership::state)
                    .thenComparing(BoardSnapshot.Membership::name))
            .map(machine ->
                new Machine(
                    machine.name(),
                    machine.state(),
                    machine.silence(),
                    machine.workers(),
                    machine.budget(),
                    (int) machine.given().stream().filter(open).count(),
                    ids(machine.handed().stream().filter(open).toList(), records)))
            .toList(),
        ids(store.suspects().stream().filter(open).toList(), records),
        ids(records.poison(), records));
  }

  private static List<String> ids(List<Integer> tests, BoardRecords records) {
    return tests.stream().map(records::id).sorted().toList();
  }

  /// How many tests have a result.
  public int done() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /// How many tests no machine has.
  public int waiting() {
    return Math.max(0, tests - done() - given);
  }

  /// Whether nothing more can come: each test has a result, and each machine has ended.
  public boolean isFinished() {
    return open && done() >= tests && takePart() == 0;
  }

  /// How many machines may still say something.
  public int takePart() {
    return (int)
        machines.stream()
            .map(Machine::state)
            .filter(
                state -> state == BoardSnapshot.State.JOINED || state == BoardSnapshot.State.AWAY)
            .count();
  }
}
