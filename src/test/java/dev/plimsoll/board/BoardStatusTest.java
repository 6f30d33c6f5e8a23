package dev.plimsoll.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.board.BoardSnapshot.Membership;
import dev.plimsoll.board.BoardSnapshot.State;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.report.TestingRuns;
import dev.plimsoll.shard.Manifest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BoardStatusTest {
  private static final int TESTS = 10;

  private final BoardRecords records =
      new BoardRecords(
          Manifest.of(
              IntStream.range(0, TESTS)
                  .mapToObj(test -> new Manifest.Entry(id(test), "a.py", "", "", Bytes.ZERO))
                  .toList()));

  private static String id(int test) {
    return "a.py::test_" + test;
  }

  private void ended(int test, Outcome outcome) {
    records.result(test, TestingRuns.result(id(test), outcome, 1, Bytes.ZERO));
  }

  private static Membership machine(
      String name, State state, Set<Integer> given, Integer... handed) {
    return new Membership(
        name, state, Optional.of(Duration.ofSeconds(1)), 2, Bytes.gib(1), given, List.of(handed));
  }

  private BoardStatus status(Set<Integer> suspects, Membership... machines) {
    return BoardStatus.of(new BoardSnapshot(TESTS, true, List.of(machines), suspects), records);
  }

  @Test
  void eachTestIsDoneGivenOrWaits() {
    ended(0, Outcome.PASSED);
    ended(1, Outcome.FAILED);
    var status =
        status(
            Set.of(),
            machine("gone", State.LOST, Set.of()),
            machine("here", State.JOINED, Set.of(1, 2, 3, 4), 1, 3));
    assertThat(status.counts()).isEqualTo(Map.of(Outcome.PASSED, 1, Outcome.FAILED, 1));
    assertThat(status.done() + status.given() + status.waiting()).isEqualTo(TESTS);
    assertThat(status.given()).isEqualTo(3);
    assertThat(status.machines().getFirst().name()).isEqualTo("here");
    assertThat(status.machines().getFirst().running()).containsExactly(id(3));
    assertThat(status.machines().getFirst().given()).isEqualTo(3);
    assertThat(status.isFinished()).isFalse();
  }

  @Test
  void whatKilledOneMachineIsSuspectAndWhatKilledTwoIsPoison() {
    records.died(5);
    var status = status(Set.of(4, 5));
    assertThat(status.suspects()).containsExactly(id(4));
    assertThat(status.poison()).containsExactly(id(5));
    assertThat(status.counts()).isEqualTo(Map.of(Outcome.CRASHED, 1));
  }

  @Test
  void aRunEndsWithItsLastMachineAndNotWithItsLastTest() {
    IntStream.range(0, TESTS).forEach(test -> ended(test, Outcome.PASSED));
    assertThat(status(Set.of(), machine("a", State.JOINED, Set.of())).isFinished()).isFalse();
    assertThat(status(Set.of(), machine("a", State.AWAY, Set.of())).isFinished()).isFalse();
    assertThat(status(Set.of(), machine("a", State.LOST, Set.of())).isFinished()).isTrue();
    assertThat(status(Set.of(), machine("a", State.LEFT, Set.of())).isFinished()).isTrue();
  }
}
