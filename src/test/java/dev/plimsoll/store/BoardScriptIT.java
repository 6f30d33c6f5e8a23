package dev.plimsoll.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.board.Board;
import dev.plimsoll.board.Board.Fence;
import dev.plimsoll.board.Board.Machine;
import dev.plimsoll.board.Board.Settlement;
import dev.plimsoll.board.BoardSnapshot;
import dev.plimsoll.board.Bundle;
import dev.plimsoll.board.ModelBoard;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Protocol.Command;

/// The script answers as the model does, step by step, on a real server.
class BoardScriptIT {
  private static final int HISTORIES = 500;
  private static final long EVER = 1L << 40;

  @TempDir Path folder;

  @Test
  void answersAsTheModelInRandomHistories() {
    int requeued = 0;
    int refused = 0;
    try (var store = new TestingStore(folder)) {
      for (int seed = 0; seed < HISTORIES; seed++) {
        try (var connection = store.connect("run" + seed)) {
          var history = new History(seed, connection, store);
          history.play();
          requeued += history.requeued;
          refused += history.refused;
        }
      }
    }
    assertThat(requeued).isGreaterThan(HISTORIES / 2);
    assertThat(refused).isGreaterThan(HISTORIES / 10);
  }

  /// One history: the same calls to both boards.
  private static final class History {
    private final Random random;
    private final StoreConnection connection;
    private final TestingStore store;
    private final ModelBoard model;
    private final RedisBoard real;
    private final List<Fence> fences = new ArrayList<>();
    private final Map<Fence, Map<String, List<Integer>>> leases = new HashMap<>();
    private final Map<Fence, String> nameOf = new HashMap<>();
    private final List<String> names = new ArrayList<>();
    private final int tests;
    private long time;
    private int requeued;
    private int refused;

    History(int seed, StoreConnection connection, TestingStore store) {
      this.random = new Random(seed);
      this.connection = connection;
      this.store = store;
      List<Bundle> bundles = bundles();
      this.tests = bundles.stream().mapToInt(bundle -> bundle.tests().size()).sum();
      this.model = new ModelBoard(bundles, () -> time);
      this.real = new RedisBoard(connection);
      assertThat(real.claim("me", 60_000)).isEqualTo(RedisBoard.Turn.FILL);
      assertThat(real.claim("other", 60_000)).isEqualTo(RedisBoard.Turn.WAIT);
      assertThat(real.fill("other", 60_000, bundles, List.of(), tests, "d", "e")).isFalse();
      assertThat(real.fill("me", 60_000, bundles, List.of("line"), tests, "d", "e")).isTrue();
      assertThat(real.claim("other", 60_000)).isEqualTo(RedisBoard.Turn.OPEN);
      model.restart(life());
      for (int i = 0; i < bundles.size(); i++) {
        names.add("b" + i);
      }
      IntStream.range(0, tests).forEach(test -> names.addAll(List.of("s" + test, "r" + test)));
    }

    private String life() {
      return StoreConnection.text(connection.run(Command.INFO, List.of("server")))
          .lines()
          .filter(line -> line.startsWith("run_id:"))
          .findFirst()
          .orElseThrow()
          .substring("run_id:".length())
          .strip();
    }

    private List<Bundle> bundles() {
      var bundles = new ArrayList<Bundle>();
      int next = 0;
      int count = 1 + random.nextInt(40);
      for (int i = 0; i < count; i++) {
        int size = 1 + random.nextInt(4);
        long peak = 1L << (20 + random.nextInt(12));
        bundles.add(
            new Bundle(
                random.nextInt(3),
                peak + random.nextInt(1 << 20),
                size + random.nextInt(3) * 4_000_000L + random.nextInt(3),
                IntStream.range(next, next + size).boxed().toList()));
        next += size;
      }
      return bundles;
    }

    void play() {
      int steps = 20 + random.nextInt(100);
      for (int i = 0; i < steps; i++) {
        time++;
        step();
      }
      String before = real();
      assertThat(before).isEqualTo(model.state());
      assertThat(snapshot()).isEqualTo(model.snapshot());
      assertThat(real()).isEqualTo(before);
    }

    private BoardSnapshot snapshot() {
      BoardSnapshot read = real.snapshot();
      var machines =
          read.machines().stream()
              .map(machine ->
                  new BoardSnapshot.Membership(
                      machine.name(),
                      machine.state(),
                      Optional.empty(),
                      machine.workers(),
                      machine.budget(),
                      machine.given(),
                      machine.handed()))
              .sorted(Comparator.comparing(BoardSnapshot.Membership::name))
              .toList();
      return new BoardSnapshot(read.tests(), read.open(), machines, read.suspects());
    }

    private void step() {
      Fence fence =
          fences.isEmpty() ? new Fence("none", 1) : fences.get(random.nextInt(fences.size()));
      Map<String, List<Integer>> own = leases.getOrDefault(fence, Map.of());
      switch (random.nextInt(24)) {
        case 0, 1, 2 -> join(fence);
        case 3, 4, 5 -> both(board -> board.beat(fence, some(own)));
        case 6, 7, 8, 9, 10, 11 ->
            both(board -> board.take(fence))
                .ifPresent(taken ->
                    taken.forEach(lease ->
                        leases
                            .computeIfAbsent(fence, _ -> new TreeMap<>())
                            .put(lease.bundle(), lease.tests())));
        case 12, 13, 14, 15, 16 -> {
          boolean again = random.nextInt(4) == 0;
          var results = results(own);
          both(board -> board.settle(fence, again, results));
        }
        case 17, 18 -> both(board -> board.giveBack(fence, bundles(own)));
        case 19 -> {
          int code = random.nextInt(7);
          both(board -> board.leave(fence, code, "bye"));
          both(Board::verdict);
          var late = new Settlement("", random.nextInt(tests), true, "late");
          both(board -> board.late(fences.isEmpty() ? fence : fences.getLast(), late));
        }
        case 20 ->
            both(board -> {
              board.evict(fence.epoch());
              return true;
            });
        case 21 -> requeue();
        case 22 -> {
          for (Fence each : fences) {
            both(board -> {
              board.evict(each.epoch());
              return true;
            });
          }
          requeue();
        }
        default -> {
          if (random.nextInt(12) == 0) {
            store.restart();
            connection.close();
            model.restart(life());
            both(Board::verdict);
          }
        }
      }
    }

    private void requeue() {
      var again =
          IntStream.range(0, tests)
              .filter(_ -> random.nextBoolean())
              .mapToObj(test ->
                  new Board.Again(
                      test,
                      random.nextInt(3) == 0
                          ? Optional.empty()
                          : Optional.of(
                              new Bundle(
                                  0,
                                  1L << (20 + random.nextInt(12)),
                                  random.nextInt(4_000_000),
                                  List.of(test)))))
              .toList();
      requeued += both(board -> board.requeue(again)).map(List::size).orElse(0);
    }

    private void join(Fence before) {
      Optional<Fence> last = random.nextBoolean() ? Optional.of(before) : Optional.empty();
      var machine =
          new Machine(
              last.isPresent() ? nameOf.getOrDefault(before, "m") : "m" + fences.size(),
              1 + random.nextInt(8),
              1L << (24 + random.nextInt(8)),
              random.nextInt(4) == 0 ? 0 : EVER);
      List<String> held =
          last.isEmpty() ? List.of() : bundles(leases.getOrDefault(before, Map.of()));
      var answer = both(board -> board.join(machine, last, held));
      if (answer.isEmpty()) {
        refused++;
        return;
      }
      Board.Joined joined = answer.get();
      fences.add(joined.fence());
      nameOf.put(joined.fence(), machine.name());
      var kept = new TreeMap<>(leases.getOrDefault(before, Map.of()));
      kept.keySet().retainAll(held);
      joined.lost().forEach(kept::remove);
      leases.put(joined.fence(), kept);
    }

    private interface Call<T> {
      T on(Board board);
    }

    /// Both answer the same; the draws of a call come out of `random` before it.
    private <T> T both(Call<T> call) {
      long seed = random.nextLong();
      random.setSeed(seed);
      T expected = call.on(model);
      random.setSeed(seed);
      T answer = call.on(real);
      assertThat(answer).isEqualTo(expected);
      return answer;
    }

    private List<String> bundles(Map<String, List<Integer>> own) {
      var chosen =
          own.keySet().stream()
              .filter(_ -> random.nextBoolean())
              .collect(Collectors.toCollection(ArrayList::new));
      if (random.nextInt(5) == 0) {
        chosen.add(names.get(random.nextInt(names.size())));
      }
      return chosen;
    }

    private List<Integer> some(Map<String, List<Integer>> own) {
      return own.values().stream()
          .flatMap(List::stream)
          .filter(_ -> random.nextInt(3) == 0)
          .toList();
    }

    private List<Settlement> results(Map<String, List<Integer>> own) {
      var results = new ArrayList<Settlement>();
      own.forEach((bundle, its) ->
          its.stream()
              .filter(_ -> random.nextInt(3) == 0)
              .forEach(test ->
                  results.add(new Settlement(bundle, test, random.nextBoolean(), "r" + test))));
      if (random.nextInt(5) == 0) {
        String name = names.get(random.nextInt(names.size()));
        results.add(new Settlement(name, random.nextInt(tests), true, "odd"));
      }
      return results;
    }

    // ---- what the store has

    private String real() {
      Map<String, String> bundles = hash("bundles");
      Map<String, String> held = hash("leases");
      Map<String, String> meta = hash("meta");
      var lines = new TreeSet<String>();
      bundles.forEach((name, json) -> {
        String waits = held.containsKey(name) ? " with " + held.get(name) : " waits";
        lines.add(
            name
                + " "
                + field(json, "\"g\":(\\d+)")
                + " "
                + field(json, "\"p\":(\\d+)")
                + " "
                + field(json, "\"m\":(\\d+)")
                + " ["
                + field(json, "\"t\":\\[([^]]*)]").replace(",", ", ")
                + "]"
                + waits);
      });
      lines.add(
          "settled "
              + bits("settled")
              + " red "
              + meta.getOrDefault("red", "0")
              + " "
              + bits("reds")
              + " late "
              + bits("lates"));
      lines.add(
          "members "
              + numbers(Command.ZRANGE, "members", "0", "-1")
              + " away "
              + numbers(Command.ZRANGE, "away", "0", "-1")
              + " hungry "
              + numbers(Command.SMEMBERS, "hungry")
              + " lost "
              + numbers(Command.HKEYS, "lost"));
      var deaths = new TreeMap<Integer, String>();
      hash("deaths").forEach((test, count) -> deaths.put(Integer.parseInt(test), count));
      lines.add("deaths " + deaths + " micros " + meta.getOrDefault("waiting", "0"));
      return String.join("\n", lines) + "\n" + String.join("\n", log());
    }

    private Set<Integer> bits(String name) {
      var set = new TreeSet<Integer>();
      for (int test = 0; test < tests; test++) {
        String bit =
            StoreConnection.text(
                connection.run(Command.GETBIT, List.of(key(name), String.valueOf(test))));
        if (bit.equals("1")) {
          set.add(test);
        }
      }
      return set;
    }

    private List<String> log() {
      var entries = new ArrayList<String>();
      for (Object entry :
          StoreConnection.list(connection.run(Command.XRANGE, List.of(key("log"), "-", "+")))) {
        var fields =
            StoreConnection.list(StoreConnection.list(entry).get(1)).stream()
                .map(StoreConnection::text)
                .toList();
        entries.add(
            fields.get(2).equals("left")
                ? fields.get(1) + " left " + fields.get(3)
                : fields.get(1)
                    + " "
                    + fields.get(3)
                    + " "
                    + switch (fields.get(4)) {
                      case "died", "again" -> fields.get(4);
                      case "late" -> "late " + fields.get(5);
                      default -> fields.get(5);
                    });
      }
      return entries;
    }

    private Set<Long> numbers(Command command, String name, String... more) {
      var words = new ArrayList<>(List.of(key(name)));
      words.addAll(List.of(more));
      return StoreConnection.list(connection.run(command, words)).stream()
          .map(word -> Long.valueOf(StoreConnection.text(word)))
          .collect(Collectors.toCollection(TreeSet::new));
    }

    private Map<String, String> hash(String name) {
      var words =
          StoreConnection.list(connection.run(Command.HGETALL, List.of(key(name)))).stream()
              .map(StoreConnection::text)
              .toList();
      var map = new TreeMap<String, String>();
      for (int i = 0; i < words.size(); i += 2) {
        map.put(words.get(i), words.get(i + 1));
      }
      return map;
    }

    private String key(String name) {
      return connection.prefix() + name;
    }

    private static String field(String json, String pattern) {
      var matcher = java.util.regex.Pattern.compile(pattern).matcher(json);
      return matcher.find() ? matcher.group(1) : "";
    }
  }
}
