package dev.plimsoll.board;

import dev.plimsoll.model.Bytes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The board in plain Java: what the script must do. Simulations run on it, and the script must
/// answer as it does.
public final class ModelBoard implements Board {
  static final int MOST = 100;
  private static final long SHORTEST = 1_000_000;
  private static final long LONGEST = 30_000_000;

  private final LongSupplier clock;
  private final int tests;
  private final Map<String, Held> bundles = new HashMap<>();
  private final Map<Queue, TreeSet<Waiting>> waiting = new TreeMap<>();
  private final TreeMap<Integer, String> suspects = new TreeMap<>();

  /// Tests that have, or had, a bundle of their own.
  private final BitSet alone = new BitSet();

  private final TreeMap<Long, Member> members = new TreeMap<>();
  private final TreeMap<Long, Member> away = new TreeMap<>();
  private final BitSet settled = new BitSet();
  private int done;
  private final Map<Integer, Integer> deaths = new HashMap<>();
  private final Set<Integer> lates = new TreeSet<>();
  private final Set<Integer> reds = new TreeSet<>();
  private final Set<Long> hungry = new TreeSet<>();
  private final Set<Long> lost = new TreeSet<>();
  private final TreeMap<Long, String> names = new TreeMap<>();
  private final List<String> log = new ArrayList<>();
  private long waitingMicros;

  /// No member is dead before.
  private long nextDeadline;

  private long epoch;
  private int red;
  private int code;
  private String life = "1:0";
  private int round;

  private record Queue(int group, int sizeClass) implements Comparable<Queue> {
    @Override
    public int compareTo(Queue other) {
      int by = Integer.compare(group, other.group);
      return by != 0 ? by : Integer.compare(sizeClass, other.sizeClass);
    }
  }

  private record Waiting(long micros, String name, long peak) implements Comparable<Waiting> {
    @Override
    public int compareTo(Waiting other) {
      int by = Long.compare(other.micros, micros);
      return by != 0 ? by : name.compareTo(other.name);
    }
  }

  /// A bundle, and the member that has it; 0 while it waits.
  private static final class Held {
    Bundle bundle;
    long holder;

    Held(Bundle bundle) {
      this.bundle = bundle;
    }
  }

  private static final class Member {
    final Machine machine;
    long deadline;
    List<Integer> handed = List.of();
    final Set<String> held = new TreeSet<>();

    Member(Machine machine, long deadline) {
      this.machine = machine;
      this.deadline = deadline;
    }
  }

  public ModelBoard(List<Bundle> filled, LongSupplier clock) {
    this.clock = clock;
    this.tests = filled.stream().mapToInt(bundle -> bundle.tests().size()).sum();
    for (int i = 0; i < filled.size(); i++) {
      add("b" + i, filled.get(i));
    }
  }

  /// The store begins another life, having forgotten nothing.
  public void restart(String next) {
    life = next + ":" + round;
    long deadline = clock.getAsLong();
    members.forEach((number, member) -> {
      member.deadline = deadline + member.machine.patienceMillis();
      away.put(number, member);
    });
    members.clear();
    hungry.clear();
    nextDeadline = 0;
  }

  // ---- what a machine asks

  @Override
  public Optional<Joined> join(Machine machine, Optional<Fence> before, List<String> held) {
    expire();
    if (before.filter(fence -> !fence.life().endsWith(":" + round)).isPresent()) {
      return Optional.empty();
    }
    var member = new Member(machine, clock.getAsLong() + machine.patienceMillis());
    long number = ++epoch;
    Stream.of(members, away)
        .flatMap(group -> group.entrySet().stream())
        .filter(entry -> entry.getValue().machine.name().equals(machine.name()))
        .findFirst()
        .ifPresent(entry -> {
          Member old = entry.getValue();
          member.handed = old.handed;
          List.copyOf(old.held).forEach(name -> release(name, old));
          remove(entry.getKey());
        });
    var lost = new ArrayList<String>();
    for (String name : new LinkedHashSet<>(held)) {
      if (isWaiting(name)) {
        lease(name, number, member);
      } else {
        lost.add(name);
      }
    }
    members.put(number, member);
    nextDeadline = Math.min(nextDeadline, member.deadline);
    names.put(number, machine.name());
    return Optional.of(new Joined(new Fence(life, number), lost));
  }

  @Override
  public Optional<Standing> beat(Fence fence, List<Integer> handed) {
    return with(fence)
        .map(member -> {
          member.handed = List.copyOf(handed);
          boolean others = hungry.stream().anyMatch(number -> number != fence.epoch());
          return new Standing(done, red, tests, others && nothingWaits());
        });
  }

  @Override
  public Optional<List<Lease>> take(Fence fence) {
    return with(fence)
        .map(member -> {
          var taken = new ArrayList<Lease>();
          if (away.isEmpty()) {
            give(fence.epoch(), member, taken);
          }
          if (taken.isEmpty() && nothingWaits()) {
            hungry.add(fence.epoch());
          } else {
            hungry.remove(fence.epoch());
          }
          return taken;
        });
  }

  @Override
  public Optional<List<Integer>> settle(Fence fence, boolean again, List<Settlement> results) {
    return with(fence)
        .map(_ -> {
          var refused = new ArrayList<Integer>();
          for (Settlement result : results) {
            String name = nameOf(result.bundle(), result.test());
            Held held = bundles.get(name);
            if (held == null
                || !held.bundle.tests().contains(result.test())
                || settled.get(result.test())
                || (held.holder != fence.epoch() && !again)) {
              refused.add(result.test());
            } else {
              end(name, held, result.test(), result.red());
              log.add(fence.epoch() + " " + result.test() + " " + result.record());
            }
          }
          return refused;
        });
  }

  @Override
  public boolean giveBack(Fence fence, List<String> names) {
    return with(fence)
        .map(member -> {
          for (String name : names) {
            Held held = bundles.get(name);
            if (held != null && held.holder == fence.epoch()) {
              release(name, member);
            }
          }
          return true;
        })
        .orElse(false);
  }

  @Override
  public boolean late(Fence fence, Settlement result) {
    return with(fence)
        .map(_ -> {
          if (lates.add(result.test())) {
            red++;
            log.add(fence.epoch() + " " + result.test() + " late " + result.record());
          }
          return true;
        })
        .orElse(false);
  }

  @Override
  public Verdict verdict() {
    expire();
    return new Verdict(done, red, tests, members.size() + away.size(), code);
  }

  @Override
  public boolean leave(Fence fence, int exit, String record) {
    return with(fence)
        .map(member -> {
          List.copyOf(member.held).forEach(name -> release(name, member));
          remove(fence.epoch());
          code = code == 0 && exit != 1 && exit != 5 ? exit : code;
          log.add(fence.epoch() + " left " + record);
          return true;
        })
        .orElse(false);
  }

  @Override
  public Optional<List<Integer>> requeue(List<Again> again) {
    expire();
    if (members.size() + away.size() > 0) {
      return Optional.empty();
    }
    var back = new ArrayList<Integer>();
    for (Again one : again) {
      int test = one.test();
      boolean late = lates.contains(test);
      if (settled.get(test) && (late || reds.contains(test))) {
        red -= (late ? 1 : 0) + (reds.contains(test) ? 1 : 0);
        settled.clear(test);
        done--;
        List.of(reds, lates).forEach(set -> set.remove(test));
        deaths.remove(test);
        String name = (one.bundle().isPresent() ? "r" : "s") + test;
        alone.set(test);
        add(name, one.bundle().orElseGet(() -> new Bundle(0, 0, 0, List.of(test))));
        log.add("0 " + test + " again");
        back.add(test);
      }
    }
    if (!back.isEmpty()) {
      life = life.replaceFirst(":.*", ":" + ++round);
    }
    return Optional.of(back);
  }

  @Override
  public void evict(long number) {
    expire();
    bury(number);
  }

  // ---- steps

  private Optional<Member> with(Fence fence) {
    expire();
    Member member = fence.life().equals(life) ? members.get(fence.epoch()) : null;
    if (member != null) {
      member.deadline = clock.getAsLong() + member.machine.patienceMillis();
    }
    return Optional.ofNullable(member);
  }

  private void expire() {
    long now = clock.getAsLong();
    if (now < nextDeadline) {
      return;
    }
    for (var group : List.of(members, away)) {
      group.entrySet().stream()
          .filter(entry -> entry.getValue().deadline <= now)
          .map(Map.Entry::getKey)
          .toList()
          .forEach(this::bury);
    }
    nextDeadline =
        Stream.of(members, away)
            .flatMap(group -> group.values().stream())
            .mapToLong(member -> member.deadline)
            .min()
            .orElse(Long.MAX_VALUE);
  }

  /// A member is dead: what it had waits again; what may have killed it waits apart.
  private void bury(long number) {
    Member member = memberOf(number);
    if (member == null) {
      return;
    }
    lost.add(number);
    for (String name : List.copyOf(member.held)) {
      heldOf(name).bundle.tests().stream()
          .filter(member.handed::contains)
          .forEach(test -> suspect(name, test, number));
      release(name, member);
    }
    remove(number);
  }

  private @Nullable Member memberOf(long number) {
    return members.getOrDefault(number, away.get(number));
  }

  private void remove(long number) {
    members.remove(number);
    away.remove(number);
    hungry.remove(number);
  }

  private void suspect(String name, int test, long number) {
    Held held = heldOf(name);
    if (deaths.merge(test, 1, Integer::sum) > 1) {
      end(name, held, test, true);
      log.add(number + " " + test + " died");
      return;
    }
    String own = "s" + test;
    if (!name.equals(own)) {
      Bundle bundle = held.bundle;
      long micros = bundle.micros() / bundle.tests().size();
      shrink(name, held, test, micros);
      alone.set(test);
      add(own, new Bundle(bundle.group(), bundle.peak(), micros, List.of(test)));
    }
  }

  /// A test is settled.
  private void end(String name, Held held, int test, boolean isRed) {
    settled.set(test);
    done++;
    if (isRed) {
      reds.add(test);
      red++;
    }
    boolean waits = held.holder == 0;
    if (waits) {
      withdraw(name, held.bundle);
    }
    boolean isLast = shrink(name, held, test, held.bundle.micros() / held.bundle.tests().size());
    if (waits && !isLast) {
      await(name, held.bundle);
    }
  }

  /// Take a test out of a bundle, which ends with its last one.
  ///
  /// @return whether it was the last one
  private boolean shrink(String name, Held held, int test, long micros) {
    Bundle bundle = held.bundle;
    if (bundle.tests().size() == 1) {
      bundles.remove(name);
      Member member = memberOf(held.holder);
      if (member != null) {
        member.held.remove(name);
      }
      return true;
    }
    var rest = bundle.tests().stream().filter(other -> other != test).toList();
    held.bundle = new Bundle(bundle.group(), bundle.peak(), bundle.micros() - micros, rest);
    return false;
  }

  /// A bundle waits again, unless it ended meanwhile.
  private void release(String name, Member member) {
    member.held.remove(name);
    Held held = bundles.get(name);
    if (held != null) {
      held.holder = 0;
      await(name, held.bundle);
    }
  }

  private void add(String name, Bundle bundle) {
    bundles.put(name, new Held(bundle));
    await(name, bundle);
  }

  private void await(String name, Bundle bundle) {
    if (name.startsWith("s")) {
      suspects.put(bundle.tests().getFirst(), name);
    } else {
      waiting
          .computeIfAbsent(new Queue(bundle.group(), bundle.sizeClass()), _ -> new TreeSet<>())
          .add(new Waiting(bundle.micros(), name, bundle.peak()));
      waitingMicros += bundle.micros();
    }
  }

  private void withdraw(String name, Bundle bundle) {
    if (name.startsWith("s")) {
      suspects.remove(bundle.tests().getFirst());
    } else {
      waiting
          .getOrDefault(new Queue(bundle.group(), bundle.sizeClass()), new TreeSet<>())
          .remove(new Waiting(bundle.micros(), name, bundle.peak()));
      waitingMicros -= bundle.micros();
    }
  }

  private Bundle lease(String name, long number, Member member) {
    Held held = heldOf(name);
    withdraw(name, held.bundle);
    held.holder = number;
    member.held.add(name);
    return held.bundle;
  }

  private boolean isWaiting(String name) {
    Held held = bundles.get(name);
    return held != null && held.holder == 0;
  }

  private boolean nothingWaits() {
    return suspects.isEmpty() && waiting.values().stream().allMatch(Set::isEmpty);
  }

  private String nameOf(String given, int test) {
    return alone.get(test) && bundles.containsKey("s" + test) ? "s" + test : given;
  }

  private Held heldOf(String name) {
    Held held = bundles.get(name);
    if (held == null) {
      throw new IllegalStateException("no bundle " + name);
    }
    return held;
  }

  // ---- choosing

  private void give(long number, Member member, List<Lease> taken) {
    long largest = budgets().max(Comparator.naturalOrder()).orElse(0L);
    long smallest = budgets().min(Comparator.naturalOrder()).orElse(0L);
    boolean isLargest = member.machine.budget() >= largest;
    long limit = isLargest ? Long.MAX_VALUE : member.machine.budget();
    var heads = heads(limit);
    long workers = members.values().stream().mapToLong(m -> m.machine.workers()).sum();
    long time = Math.clamp(waitingMicros / (2 * Math.max(1, workers)), SHORTEST, LONGEST);
    long micros = 0;
    double byteMicros = 0;
    while (taken.size() < MOST
        && micros < time * member.machine.workers()
        && byteMicros < (double) time * member.machine.budget()) {
      Waiting next = next(heads, smallest);
      if (next == null) {
        break;
      }
      Bundle bundle = lease(next.name(), number, member);
      micros += bundle.micros();
      byteMicros += (double) bundle.micros() * bundle.peak();
      taken.add(new Lease(next.name(), false, bundle.tests()));
    }
    if (taken.isEmpty() && member.machine.budget() * 10 >= largest * 9 && !suspects.isEmpty()) {
      String name = suspects.firstEntry().getValue();
      if (isLargest || heldOf(name).bundle.peak() <= member.machine.budget()) {
        taken.add(new Lease(name, true, lease(name, number, member).tests()));
      }
    }
  }

  private Stream<Long> budgets() {
    return members.values().stream().map(member -> member.machine.budget());
  }

  /// The first bundles of each line, without those that do not fit.
  private List<Head> heads(long limit) {
    var heads = new ArrayList<Head>();
    waiting.forEach((queue, line) -> {
      var head = new Head(queue.group(), line, limit);
      if (head.first != null) {
        heads.add(head);
      }
    });
    int group = heads.stream().mapToInt(head -> head.group).min().orElse(-1);
    heads.removeIf(head -> head.group != group);
    return heads;
  }

  /// Where choosing is in a line: it looks at so many bundles and no more.
  private static final class Head {
    final int group;
    private final NavigableSet<Waiting> line;
    private final long limit;
    @Nullable Waiting first;
    private int seen;

    Head(int group, NavigableSet<Waiting> line, long limit) {
      this.group = group;
      this.line = line;
      this.limit = limit;
      go(line.isEmpty() ? null : line.first());
    }

    /// The next one, also when the first is in the line no longer.
    Waiting poll(Waiting taken) {
      go(line.higher(taken));
      return taken;
    }

    private void go(@Nullable Waiting to) {
      first = to;
      while (first != null && ++seen <= MOST && first.peak() > limit) {
        first = line.higher(first);
      }
      first = seen <= MOST ? first : null;
    }
  }

  /// What fewest machines can run comes first, then the longest.
  private static @Nullable Waiting next(List<Head> heads, long smallest) {
    Head best = null;
    Waiting first = null;
    for (Head head : heads) {
      Waiting its = head.first;
      if (its != null && (first == null || isBefore(its, first, smallest))) {
        first = its;
        best = head;
      }
    }
    return best == null || first == null ? null : best.poll(first);
  }

  private static boolean isBefore(Waiting one, Waiting other, long smallest) {
    boolean scarce = one.peak() > smallest;
    boolean otherScarce = other.peak() > smallest;
    return scarce != otherScarce ? scarce : one.compareTo(other) < 0;
  }

  /// How it stands, without when the machines were heard last.
  public BoardSnapshot snapshot() {
    var newest = new TreeMap<String, Long>();
    names.forEach((number, name) -> newest.put(name, number));
    var machines =
        newest.entrySet().stream()
            .map(entry -> membership(entry.getKey(), entry.getValue()))
            .toList();
    return new BoardSnapshot(tests, true, machines, deaths.keySet());
  }

  private BoardSnapshot.Membership membership(String name, long number) {
    Member member = memberOf(number);
    if (member == null) {
      var state = lost.contains(number) ? BoardSnapshot.State.LOST : BoardSnapshot.State.LEFT;
      return new BoardSnapshot.Membership(
          name, state, Optional.empty(), 0, Bytes.ZERO, Set.of(), List.of());
    }
    boolean late = member.deadline <= clock.getAsLong();
    var state =
        away.containsKey(number)
            ? BoardSnapshot.State.AWAY
            : late ? BoardSnapshot.State.LOST : BoardSnapshot.State.JOINED;
    return new BoardSnapshot.Membership(
        name,
        state,
        Optional.empty(),
        member.machine.workers(),
        Bytes.of(member.machine.budget()),
        member.held.stream()
            .flatMap(held -> heldOf(held).bundle.tests().stream())
            .collect(Collectors.toSet()),
        member.handed);
  }

  // ---- for tests

  boolean isOver() {
    return done == tests;
  }

  /// Whether this membership goes on.
  boolean isMember(long number) {
    expire();
    return memberOf(number) != null;
  }

  /// What was settled, in order.
  List<String> log() {
    return log;
  }

  /// Everything there is, as text.
  public String state() {
    var lines = new TreeSet<String>();
    bundles.forEach((name, held) ->
        lines.add(
            name
                + " "
                + held.bundle.group()
                + " "
                + held.bundle.peak()
                + " "
                + held.bundle.micros()
                + " "
                + held.bundle.tests()
                + (held.holder == 0 ? " waits" : " with " + held.holder)));
    lines.add(
        "settled "
            + settled.stream().boxed().toList()
            + " red "
            + red
            + " "
            + reds
            + " late "
            + lates);
    lines.add(
        "members "
            + members.keySet()
            + " away "
            + away.keySet()
            + " hungry "
            + hungry
            + " lost "
            + lost);
    lines.add("deaths " + new TreeMap<>(deaths) + " micros " + waitingMicros);
    return String.join("\n", lines) + "\n" + String.join("\n", log);
  }
}
