package dev.plimsoll.store;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.board.BoardSnapshot;
import dev.plimsoll.board.BoardSnapshot.Membership;
import dev.plimsoll.board.BoardSnapshot.State;
import dev.plimsoll.model.Bytes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/// Reads how a board stands, with plain commands of the store: whoever may only read can use it,
/// and nothing changes. The script would bury the dead first.
final class SnapshotReader {
  /// So many names in one command.
  private static final int PAGE = 500;

  private final StoreConnection store;

  SnapshotReader(StoreConnection store) {
    this.store = store;
  }

  BoardSnapshot read() {
    Map<String, String> meta = hash("meta");
    String server = StoreConnection.text(store.run(Command.INFO, List.of("server")));
    boolean sameLife =
        meta.getOrDefault("life", "").startsWith(RedisBoard.field(server, "run_id") + ":");
    long now = number(RedisBoard.field(server, "server_time_usec")) / 1000;
    Map<String, String> about = hash("about");
    Map<String, String> handed = hash("handed");
    Map<String, Long> members = scores("members");
    Set<String> away = new HashSet<>(scores("away").keySet());
    if (!sameLife) {
      away.addAll(members.keySet());
    }
    Map<String, String> lost = hash("lost");
    var machines = new ArrayList<Membership>();
    newest()
        .forEach((name, epoch) -> {
          Map<String, Object> its = tree(about.getOrDefault(epoch, ""));
          State state = State.LEFT;
          Optional<Duration> silence = Optional.empty();
          if (away.contains(epoch)) {
            state = State.AWAY;
          } else if (members.containsKey(epoch)) {
            long deadline = members.getOrDefault(epoch, now);
            state = deadline <= now ? State.LOST : State.JOINED;
            silence = Optional.of(since(now, deadline - number(its.get("patience"))));
          } else if (lost.containsKey(epoch)) {
            state = State.LOST;
            silence = Optional.of(since(now, number(lost.get(epoch))));
          }
          machines.add(
              new Membership(
                  name,
                  state,
                  silence,
                  (int) number(its.get("workers")),
                  Bytes.of(number(its.get("budget"))),
                  about.containsKey(epoch) ? testsOf("held:" + epoch) : Set.of(),
                  numbers(handed.getOrDefault(epoch, ""))));
        });
    Set<Integer> suspects =
        hash("deaths").keySet().stream()
            .map(test -> (int) number(test))
            .collect(Collectors.toSet());
    return new BoardSnapshot(
        (int) number(meta.getOrDefault("tests", "0")),
        meta.containsKey("open"),
        machines,
        suspects);
  }

  /// The last membership of each machine, by its name.
  private Map<String, String> newest() {
    var newest = new LinkedHashMap<String, String>();
    hash("names")
        .forEach((epoch, name) ->
            newest.merge(name, epoch, (one, other) -> number(one) > number(other) ? one : other));
    return newest;
  }

  private static Duration since(long now, long then) {
    return Duration.ofMillis(Math.max(0, now - then));
  }

  private Set<Integer> testsOf(String held) {
    List<String> names = texts(Command.SMEMBERS, held);
    var tests = new HashSet<Integer>();
    for (int at = 0; at < names.size(); at += PAGE) {
      List<String> page = names.subList(at, Math.min(names.size(), at + PAGE));
      for (String bundle : texts(Command.HMGET, "bundles", page.toArray(String[]::new))) {
        if (tree(bundle).get("t") instanceof List<?> list) {
          list.forEach(test -> tests.add((int) number(test)));
        }
      }
    }
    return tests;
  }

  // ---- words

  private List<String> texts(Command command, String key, String... more) {
    var words = new ArrayList<>(List.of(store.prefix() + key));
    words.addAll(Arrays.asList(more));
    return StoreConnection.list(store.run(command, words)).stream()
        .map(StoreConnection::text)
        .toList();
  }

  private Map<String, String> hash(String key) {
    return pairs(texts(Command.HGETALL, key));
  }

  private Map<String, Long> scores(String key) {
    var scores = new HashMap<String, Long>();
    pairs(texts(Command.ZRANGE, key, "0", "-1", "WITHSCORES"))
        .forEach((member, score) -> scores.put(member, number(score)));
    return scores;
  }

  private static Map<String, String> pairs(List<String> words) {
    var pairs = new LinkedHashMap<String, String>();
    for (int i = 0; i + 1 < words.size(); i += 2) {
      pairs.put(words.get(i), words.get(i + 1));
    }
    return pairs;
  }

  private static Map<String, Object> tree(String json) {
    try {
      return json.isEmpty() ? Map.of() : JSON.std.mapFrom(json);
    } catch (IOException e) {
      return Map.of();
    }
  }

  /// A number from the store; 0 for what is none.
  private static long number(@Nullable Object value) {
    if (value instanceof Number number) {
      return number.longValue();
    }
    String text = String.valueOf(value);
    return text.matches("-?\\d{1,18}(\\.\\d+)?") ? (long) Double.parseDouble(text) : 0;
  }

  private static List<Integer> numbers(String text) {
    return Arrays.stream(text.split(","))
        .filter(word -> word.matches("\\d{1,9}"))
        .map(Integer::valueOf)
        .toList();
  }
}
