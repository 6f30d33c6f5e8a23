package dev.plimsoll.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.board.Board;
import dev.plimsoll.board.Board.Fence;
import dev.plimsoll.board.Board.Settlement;
import dev.plimsoll.board.Bundle;
import dev.plimsoll.board.Member;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The store is killed right after it acknowledged a result, and starts again from its append-only
/// file: no verdict is lost, and none is there twice. In half of the histories its disk had not got
/// the last transactions either, as when the machine of the store loses power.
///
/// `bin/board durable` plays more histories.
class BoardDurabilityIT {
  private static final int HISTORIES = Integer.getInteger("board.histories", 12);
  private static final int MACHINES = 3;

  /// Longer than any history: no machine dies here.
  private static final long PATIENCE = 600_000;

  @TempDir Path folder;

  @Test
  void noVerdictIsLostOrDoubled() throws Exception {
    int kills = 0;
    int again = 0;
    for (int seed = 0; seed < HISTORIES; seed++) {
      Path place = Files.createDirectory(folder.resolve("history" + seed));
      boolean always = seed % 2 == 1;
      String sync = always ? "always" : "everysec";
      try (var store = new TestingStore(place, "--appendfsync", sync);
          var history = new History(seed, store, seed % 4 < 2, always)) {
        history.play();
        history.check();
        kills += history.kills;
        again += history.forgotten;
      }
    }
    assertThat(kills).isGreaterThanOrEqualTo(HISTORIES);
    assertThat(again).isPositive();
    System.getLogger(BoardDurabilityIT.class.getName())
        .log(
            System.Logger.Level.INFO,
            "{0} histories, {1} kills, {2} acknowledged results that the store had forgotten",
            HISTORIES,
            kills,
            again);
  }

  private static final class History implements AutoCloseable {
    final Random random;
    final TestingStore store;
    final boolean forgets;

    /// Whether the store may have forgotten what it acknowledged.
    final boolean mayForget;

    final int tests;
    final List<Machine> machines = new ArrayList<>();
    final StoreConnection reading;
    final long filled;
    int kills;
    int forgotten;

    History(int seed, TestingStore store, boolean forgets, boolean always) {
      this.random = new Random(seed);
      this.store = store;
      this.forgets = forgets;
      this.mayForget = forgets || !always;
      var bundles = new ArrayList<Bundle>();
      int next = 0;
      for (int i = 0; i < 25; i++) {
        int size = 1 + random.nextInt(4);
        List<Integer> its = IntStream.range(next, next + size).boxed().toList();
        bundles.add(new Bundle(random.nextInt(2), 1 << 20, size * 500_000L, its));
        next += size;
      }
      this.tests = next;
      this.reading = store.connect("run");
      var board = new RedisBoard(reading);
      assertThat(board.claim("me", PATIENCE)).isEqualTo(RedisBoard.Turn.FILL);
      assertThat(board.fill("me", PATIENCE, bundles, List.of(), tests, "d", "e")).isTrue();
      this.filled = store.written();
      for (int i = 0; i < MACHINES; i++) {
        machines.add(new Machine("m" + i, store.connect("run")));
      }
    }

    void play() {
      int wanted = 1 + random.nextInt(3);
      List<Integer> points =
          IntStream.generate(() -> 1 + random.nextInt(tests - 1))
              .limit(wanted)
              .sorted()
              .boxed()
              .toList();
      int acknowledged = 0;
      for (int step = 0; machines.stream().mapToInt(m -> m.seen).max().orElse(0) < tests; step++) {
        assertThat(step).isLessThan(10_000);
        acknowledged += machines.get(random.nextInt(MACHINES)).step();
        if (kills < wanted && acknowledged >= points.get(kills)) {
          kill();
        }
      }
    }

    private void kill() {
      kills++;
      int before = records().size();
      store.kill();
      if (forgets) {
        store.forget(filled, random);
      }
      store.startAgain();
      forgotten += before - records().size();
    }

    /// What the store has of each test.
    private Map<Integer, List<String>> records() {
      var records = new TreeMap<Integer, List<String>>();
      reading.close();
      new RedisBoard(reading)
          .read(
              RedisBoard.BEGINNING,
              entry ->
                  records.computeIfAbsent(entry.test(), _ -> new ArrayList<>()).add(entry.text()));
      return records;
    }

    void check() {
      Map<Integer, List<String>> records = records();
      assertThat(records.keySet()).hasSize(tests).allMatch(test -> test >= 0 && test < tests);
      assertThat(records.values()).allMatch(texts -> texts.size() == 1);
      // What was acknowledged and not forgotten is what the run has, and nobody invents a result.
      for (Machine machine : machines) {
        for (Settlement result : machine.member.results()) {
          String record = records.getOrDefault(result.test(), List.of()).getFirst();
          boolean own = record.endsWith(machine.about.name());
          assertThat(own || mayForget).isTrue();
          assertThat(own ? result.record() : record).isEqualTo(record);
        }
      }
      Board.Verdict verdict = new RedisBoard(reading).verdict();
      long red =
          records.values().stream().filter(texts -> texts.getFirst().startsWith("red")).count();
      assertThat(verdict.settled()).isEqualTo(tests);
      assertThat((long) verdict.red()).isEqualTo(red);
    }

    @Override
    public void close() {
      machines.forEach(machine -> machine.connection.close());
      reading.close();
    }

    /// A machine of the run: what `BoardTests` does, one call at a time.
    private final class Machine {
      final Board.Machine about;
      final StoreConnection connection;
      final RedisBoard board;
      final Member member = new Member();
      final ArrayDeque<Integer> queue = new ArrayDeque<>();
      Optional<Fence> fence = Optional.empty();
      Optional<Fence> before = Optional.empty();
      int seen;

      Machine(String name, StoreConnection connection) {
        this.about = new Board.Machine(name, 2, 1L << 30, PATIENCE);
        this.connection = connection;
        this.board = new RedisBoard(connection);
      }

      /// @return how many results the store acknowledged
      int step() {
        if (fence.isEmpty()) {
          join();
          return 0;
        }
        if (queue.isEmpty()) {
          take();
          return 0;
        }
        int test = queue.poll();
        member.hand(List.of(test));
        ask(own -> board.beat(own, member.handed()));
        String record = (random.nextInt(5) == 0 ? "red " : "green ") + about.name();
        return settle(false, List.of(member.end(test, record.startsWith("red"), record)));
      }

      private void join() {
        Optional<Board.Joined> joined;
        try {
          joined = board.join(about, before, member.held());
        } catch (StoreLost e) {
          return;
        }
        fence = Optional.of(joined.orElseThrow().fence());
        queue.removeAll(member.lose(joined.orElseThrow().lost()));
        before = fence;
        settle(true, member.results());
        ask(own -> board.beat(own, member.handed()));
      }

      private void take() {
        ask(own -> board.beat(own, member.handed()))
            .ifPresent(standing -> seen = standing.settled());
        for (Board.Lease lease : ask(board::take).orElse(List.of())) {
          Member.Given given = member.given(lease);
          queue.addAll(given.tests());
          settle(false, given.known());
        }
      }

      private int settle(boolean again, List<Settlement> results) {
        if (results.isEmpty()) {
          return 0;
        }
        Optional<List<Integer>> refused = ask(own -> board.settle(own, again, results));
        refused.ifPresent(tests -> refuse(tests, again));
        return refused.map(tests -> results.size() - tests.size()).orElse(0);
      }

      private void refuse(List<Integer> tests, boolean again) {
        if (!again) {
          member.refuse(tests);
        }
      }

      /// Without an answer the machine joins again; what it did meanwhile it tells then.
      private <T> Optional<T> ask(Function<Fence, Optional<T>> call) {
        Optional<T> answer;
        try {
          answer = fence.flatMap(call);
        } catch (StoreLost e) {
          answer = Optional.empty();
        }
        if (answer.isEmpty()) {
          lose();
        }
        return answer;
      }

      private void lose() {
        before = fence.isPresent() ? fence : before;
        fence = Optional.empty();
      }
    }
  }
}
