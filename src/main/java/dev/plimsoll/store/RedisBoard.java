package dev.plimsoll.store;

import dev.plimsoll.board.Board;
import dev.plimsoll.board.BoardSnapshot;
import dev.plimsoll.board.Bundle;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/// The board in a store: each call is one run of the script.
public final class RedisBoard implements Board {
  /// Lua takes some thousand arguments.
  private static final int PAGE = 500;

  private final StoreConnection store;

  public RedisBoard(StoreConnection store) {
    this.store = store;
  }

  // ---- filling

  /// Whether the caller is to fill the board.
  public enum Turn {
    /// It is filled.
    OPEN,
    /// Another machine fills it.
    WAIT,
    FILL
  }

  /// Ask for the turn to fill the board.
  ///
  /// @param token who asks
  /// @param patienceMillis how long another may be silent while it fills it
  public Turn claim(String token, long patienceMillis) {
    return switch (text(step("claim", token, String.valueOf(patienceMillis)))) {
      case "open" -> Turn.OPEN;
      case "fill" -> Turn.FILL;
      default -> Turn.WAIT;
    };
  }

  /// Fill the board.
  ///
  /// @param manifest its lines, as the board keeps them
  /// @return false when another machine has taken over
  public boolean fill(
      String token,
      long patienceMillis,
      List<Bundle> bundles,
      List<String> manifest,
      int tests,
      String digest,
      String environment) {
    for (int at = 0; at < manifest.size(); at += PAGE) {
      var words = new ArrayList<>(List.of(token));
      words.addAll(manifest.subList(at, Math.min(manifest.size(), at + PAGE)));
      if (store.step("describe", words) == null) {
        return false;
      }
    }
    for (int at = 0; at < bundles.size(); at += PAGE) {
      var words =
          new ArrayList<>(List.of(token, String.valueOf(patienceMillis), String.valueOf(at)));
      bundles.subList(at, Math.min(bundles.size(), at + PAGE)).forEach(b -> words.add(json(b)));
      if (store.step("load", words) == null) {
        return false;
      }
    }
    return step("open", token, String.valueOf(tests), digest, environment) != null;
  }

  private static String json(Bundle bundle) {
    return "{\"g\":%d,\"c\":%d,\"p\":%d,\"m\":%d,\"t\":[%s]}"
        .formatted(
            bundle.group(),
            bundle.sizeClass(),
            bundle.peak(),
            bundle.micros(),
            numbers(bundle.tests()));
  }

  /// What a machine must have to take part.
  public record About(String digest, String environment) {}

  public About about() {
    return new About(meta("digest"), meta("environment"));
  }

  private String meta(String field) {
    return text(store.run(Command.HGET, List.of(store.prefix() + "meta", field)));
  }

  /// How many memberships there were, of machines that have joined.
  public int machines() {
    return (int)
        StoreConnection.list(store.run(Command.HVALS, List.of(store.prefix() + "names"))).stream()
            .map(StoreConnection::text)
            .distinct()
            .count();
  }

  /// The lines of the manifest.
  public List<String> manifest() {
    return StoreConnection.list(
            store.run(Command.LRANGE, List.of(store.prefix() + "manifest", "0", "-1")))
        .stream()
        .map(StoreConnection::text)
        .toList();
  }

  /// How the run stands, apart from the records.
  public BoardSnapshot snapshot() {
    return new SnapshotReader(store).read();
  }

  /// What the board recorded, in order.
  ///
  /// @param epoch the member that said it
  /// @param test -1 when it is of no test
  /// @param kind `r` for a result, `late`, `died`, `again` or `left`
  public record Entry(long epoch, int test, String kind, String text) {}

  /// Where the records begin.
  public static final String BEGINNING = "-";

  /// Read the records, some at a time.
  ///
  /// @param from what the last reading returned, so that this one continues there
  public String read(String from, Consumer<Entry> entries) {
    String next = from;
    while (true) {
      List<?> page =
          StoreConnection.list(
              store.run(
                  Command.XRANGE,
                  List.of(store.prefix() + "log", next, "+", "COUNT", String.valueOf(PAGE))));
      for (Object entry : page) {
        List<?> words = StoreConnection.list(StoreConnection.list(entry).get(1));
        boolean ofTest = text(words.get(2)).equals("t");
        int at = ofTest ? 4 : 2;
        entries.accept(
            new Entry(
                Long.parseLong(text(words.get(1))),
                ofTest ? number(words.get(3)) : -1,
                text(words.get(at)),
                text(words.get(at + 1))));
      }
      if (!page.isEmpty()) {
        next = "(" + text(StoreConnection.list(page.getLast()).getFirst());
      }
      if (page.size() < PAGE) {
        return next;
      }
    }
  }

  /// A store that removes keys to make room would lose tests.
  ///
  /// @throws UserError when it may
  public void requireSafe() {
    String memory = text(store.run(Command.INFO, List.of("memory")));
    boolean limited = !field(memory, "maxmemory").equals("0");
    String policy = field(memory, "maxmemory_policy");
    if (limited && !policy.equals("noeviction")) {
      throw new UserError(
          "the store of the board may remove keys",
          "its `maxmemory-policy` is `" + policy + "`, so that tests could be lost",
          "set `maxmemory-policy noeviction`",
          ExitCode.CONFIG);
    }
  }

  static String field(String info, String name) {
    return info.lines()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("0");
  }

  // ---- running

  @Override
  public Optional<Joined> join(Machine machine, Optional<Fence> before, List<String> held) {
    var words =
        new ArrayList<>(
            List.of(
                machine.name(),
                String.valueOf(machine.workers()),
                String.valueOf(machine.budget()),
                String.valueOf(machine.patienceMillis()),
                before.map(Fence::life).orElse("")));
    words.addAll(held);
    Object said = store.step("join", words);
    if (said == null) {
      throw new StoreLost("the store has forgotten the run", new IllegalStateException("not open"));
    }
    List<?> answer = StoreConnection.list(said);
    if (answer.isEmpty()) {
      return Optional.empty();
    }
    var fence = new Fence(text(answer.get(0)), Long.parseLong(text(answer.get(1))));
    return Optional.of(
        new Joined(
            fence,
            StoreConnection.list(answer.get(2)).stream().map(StoreConnection::text).toList()));
  }

  @Override
  public Optional<Standing> beat(Fence fence, List<Integer> handed) {
    return fenced("beat", fence, List.of(numbers(handed)))
        .map(answer ->
            new Standing(
                number(answer.get(0)),
                number(answer.get(1)),
                number(answer.get(2)),
                number(answer.get(3)) == 1));
  }

  @Override
  public Optional<List<Lease>> take(Fence fence) {
    return fenced("take", fence, List.of())
        .map(answer -> answer.stream().map(RedisBoard::lease).toList());
  }

  private static Lease lease(Object answer) {
    List<?> words = StoreConnection.list(answer);
    List<Integer> tests =
        Arrays.stream(text(words.get(2)).split(",")).map(Integer::parseInt).toList();
    return new Lease(text(words.get(0)), number(words.get(1)) == 1, tests);
  }

  @Override
  public Optional<List<Integer>> settle(Fence fence, boolean again, List<Settlement> results) {
    var refused = new ArrayList<Integer>();
    for (int at = 0; at == 0 || at < results.size(); at += PAGE) {
      var words = new ArrayList<>(List.of(again ? "1" : "0"));
      for (Settlement result : results.subList(at, Math.min(results.size(), at + PAGE))) {
        words.add(result.bundle());
        words.add(String.valueOf(result.test()));
        words.add(result.red() ? "1" : "0");
        words.add(result.record());
      }
      var answer = fenced("settle", fence, words);
      if (answer.isEmpty()) {
        return Optional.empty();
      }
      answer.get().forEach(test -> refused.add(number(test)));
    }
    return Optional.of(refused);
  }

  @Override
  public boolean giveBack(Fence fence, List<String> bundles) {
    return fenced("giveback", fence, bundles).isPresent();
  }

  @Override
  public boolean late(Fence fence, Settlement result) {
    return fenced("late", fence, List.of(String.valueOf(result.test()), result.record()))
        .isPresent();
  }

  @Override
  public boolean leave(Fence fence, int code, String record) {
    return fenced("leave", fence, List.of(String.valueOf(code), record)).isPresent();
  }

  @Override
  public Verdict verdict() {
    List<?> answer = StoreConnection.list(step("verdict"));
    return new Verdict(
        number(answer.get(0)),
        number(answer.get(1)),
        number(answer.get(2)),
        number(answer.get(3)),
        number(answer.get(4)));
  }

  @Override
  public Optional<List<Integer>> requeue(List<Again> tests) {
    String words =
        tests.stream()
            .map(again ->
                "[" + again.test() + again.bundle().map(b -> "," + json(b)).orElse("") + "]")
            .collect(Collectors.joining(",", "[", "]"));
    return step("requeue", words) instanceof List<?> back
        ? Optional.of(back.stream().map(RedisBoard::number).toList())
        : Optional.empty();
  }

  @Override
  public void evict(long epoch) {
    step("evict", String.valueOf(epoch));
  }

  // ---- words

  private Optional<List<?>> fenced(String call, Fence fence, List<String> arguments) {
    var words = new ArrayList<>(List.of(fence.life(), String.valueOf(fence.epoch())));
    words.addAll(arguments);
    Object answer = store.step(call, words);
    return answer == null ? Optional.empty() : Optional.of(StoreConnection.list(answer));
  }

  private @Nullable Object step(String call, String... words) {
    return store.step(call, List.of(words));
  }

  private static String text(@Nullable Object answer) {
    return StoreConnection.text(answer);
  }

  private static int number(@Nullable Object answer) {
    return Integer.parseInt(text(answer));
  }

  private static String numbers(List<Integer> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
