package dev.plimsoll.board;

import dev.plimsoll.model.Bytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
  private final Map<String, Bundle> bundles = new HashMap<>();
  private final Map<Queue, TreeSet<Waiting>> waiting = new TreeMap<>();
  private final TreeMap<Integer, String> suspects = new TreeMap<>();
  private final Map<String, Long> leases = new HashMap<>();
  private final TreeMap<Long, Member> members = new TreeMap<>();
  private final TreeMap<Long, Member> away = new TreeMap<>();
  private final Set<Integer> settled = new TreeSet<>();
  private final Map<Integer, Integer> deaths = new HashMap<>();
  private final Set<Integer> lates = new TreeSet<>();
  private final Set<Integer> reds = new TreeSet<>();
  private final Set<Long> hungry = new TreeSet<>();
  private final Set<Long> lost = new TreeSet<>();
  private final TreeMap<Long, String> names = new TreeMap<>();
  private final List<String> log = new ArrayList<>();
  private long waitingMicros;
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

  private record Waiting(long micros, String name) implements Comparable<Waiting> {
    @Override
    public int compareTo(Waiting other) {
      int by = Long.compare(other.micros, micros);
      return by != 0 ? by : name.compareTo(other.name);
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
      bundles.put("b" + i, filled.get(i));
      await("b" + i);
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
    names.put(number, machine.name());
    return Optional.of(new Joined(new Fence(life, number), lost));
  }

  @Override
  public Optional<Standing> beat(Fence fence, List<Integer> handed) {
    return with(fence)
        .map(member -> {
          member.handed = List.copyOf(handed);
          boolean others = hungry.stream().anyMatch(number -> number != fence.epoch());
          return new Standing(settled.size(), red, tests, others && nothingWaits());
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
            Bundle bundle = bundles.get(name);
            boolean own = leases.getOrDefault(name, 0L) == fence.epoch();
            if (bundle == null
                || !bundle.tests().contains(result.test())
                || settled.contains(result.test())
                || (!own && !again)) {
              refused.add(result.test());
            } else {
              end(name, result.test(), result.red());
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
            if (leases.getOrDefault(name, 0L) == fence.epoch()) {
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
    return new Verdict(settled.size(), red, tests, members.size() + away.size(), code);
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
      if (settled.contains(test) && (late || reds.contains(test))) {
        red -= (late ? 1 : 0) + (reds.contains(test) ? 1 : 0);
        List.of(settled, reds, lates).forEach(set -> set.remove(test));
        deaths.remove(test);
        String name = (one.bundle().isPresent() ? "r" : "s") + test;
        bundles.put(name, one.bundle().orElseGet(() -> new Bundle(0, 0, 0, List.of(test))));
        await(name);
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
    for (var group : List.of(members, away)) {
      group.entrySet().stream()
          .filter(entry -> entry.getValue().deadline <= now)
          .map(Map.Entry::getKey)
          .toList()
          .forEach(this::bury);
    }
  }

  /// A member is dead: what it had waits again; what may have killed it waits apart.
  private void bury(long number) {
    Member member = memberOf(number);
    if (member == null) {
      return;
    }
    lost.add(number);
    for (String name : List.copyOf(member.held)) {
      bundleOf(name).tests().stream()
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
    if (deaths.merge(test, 1, Integer::sum) > 1) {
      end(name, test, true);
      log.add(number + " " + test + " died");
      return;
    }
    String own = "s" + test;
    if (!name.equals(own)) {
      Bundle bundle = bundleOf(name);
      long micros = bundle.micros() / bundle.tests().size();
      bundles.put(own, new Bundle(bundle.group(), bundle.peak(), micros, List.of(test)));
      shrink(name, test, micros);
      await(own);
    }
  }

  /// A test is settled.
  private void end(String name, int test, boolean isRed) {
    settled.add(test);
    if (isRed) {
      reds.add(test);
      red++;
    }
    boolean waits = isWaiting(name);
    if (waits) {
      withdraw(name);
    }
    Bundle bundle = bundleOf(name);
    shrink(name, test, bundle.micros() / bundle.tests().size());
    if (waits) {
      await(name);
    }
  }

  /// Take a test out of a bundle, which ends with its last one.
  private void shrink(String name, int test, long micros) {
    Bundle bundle = bundleOf(name);
    var rest = bundle.tests().stream().filter(other -> other != test).toList();
    if (rest.isEmpty()) {
      bundles.remove(name);
      Long holder = leases.remove(name);
      Member member = holder == null ? null : memberOf(holder);
      if (member != null) {
        member.held.remove(name);
      }
    } else {
      bundles.put(name, new Bundle(bundle.group(), bundle.peak(), bundle.micros() - micros, rest));
    }
  }

  private void release(String name, Member member) {
    member.held.remove(name);
    leases.remove(name);
    await(name);
  }

  /// A bundle that still has tests waits.
  private void await(String name) {
    Bundle bundle = bundles.get(name);
    if (bundle == null) {
      return;
    }
    if (name.startsWith("s")) {
      suspects.put(bundle.tests().getFirst(), name);
    } else {
      waiting
          .computeIfAbsent(new Queue(bundle.group(), bundle.sizeClass()), _ -> new TreeSet<>())
          .add(new Waiting(bundle.micros(), name));
      waitingMicros += bundle.micros();
    }
  }

  private void withdraw(String name) {
    Bundle bundle = bundleOf(name);
    if (name.startsWith("s")) {
      suspects.remove(bundle.tests().getFirst());
    } else {
      waiting
          .getOrDefault(new Queue(bundle.group(), bundle.sizeClass()), new TreeSet<>())
          .remove(new Waiting(bundle.micros(), name));
      waitingMicros -= bundle.micros();
    }
  }

  private void lease(String name, long number, Member member) {
    withdraw(name);
    leases.put(name, number);
    member.held.add(name);
  }

  private boolean isWaiting(String name) {
    return bundles.containsKey(name) && !leases.containsKey(name);
  }

  private boolean nothingWaits() {
    return suspects.isEmpty() && waiting.values().stream().allMatch(Set::isEmpty);
  }

  private String nameOf(String given, int test) {
    return bundles.containsKey("s" + test) ? "s" + test : given;
  }

  private Bundle bundleOf(String name) {
    Bundle bundle = bundles.get(name);
    if (bundle == null) {
      throw new IllegalStateException("no bundle " + name);
    }
    return bundle;
  }

  // ---- choosing

  private void give(long number, Member member, List<Lease> taken) {
    long largest = budgets().max(Comparator.naturalOrder()).orElse(0L);
    long smallest = budgets().min(Comparator.naturalOrder()).orElse(0L);
    boolean isLargest = member.machine.budget() >= largest;
    long limit = isLargest ? Long.MAX_VALUE : member.machine.budget();
    var heads = heads(limit);
    int group = heads.keySet().stream().mapToInt(Queue::group).min().orElse(-1);
    heads.keySet().removeIf(queue -> queue.group() != group);
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
      Bundle bundle = bundleOf(next.name());
      lease(next.name(), number, member);
      micros += bundle.micros();
      byteMicros += (double) bundle.micros() * bundle.peak();
      taken.add(new Lease(next.name(), false, bundle.tests()));
    }
    if (taken.isEmpty() && member.machine.budget() * 10 >= largest * 9 && !suspects.isEmpty()) {
      String name = suspects.firstEntry().getValue();
      if (isLargest || bundleOf(name).peak() <= member.machine.budget()) {
        lease(name, number, member);
        taken.add(new Lease(name, true, bundleOf(name).tests()));
      }
    }
  }

  private Stream<Long> budgets() {
    return members.values().stream().map(member -> member.machine.budget());
  }

  /// The first bundles of each line, without those that do not fit.
  private Map<Queue, List<Waiting>> heads(long limit) {
    var heads = new TreeMap<Queue, List<Waiting>>();
    waiting.forEach((queue, line) -> {
      var fitting =
          line.stream()
              .limit(MOST)
              .filter(head -> bundleOf(head.name()).peak() <= limit)
              .collect(Collectors.toCollection(ArrayList::new));
      if (!fitting.isEmpty()) {
        heads.put(queue, fitting);
      }
    });
    return heads;
  }

  /// What fewest machines can run comes first, then the longest.
  private @Nullable Waiting next(Map<Queue, List<Waiting>> heads, long smallest) {
    Queue best = null;
    Waiting first = null;
    for (var entry : heads.entrySet()) {
      if (!entry.getValue().isEmpty()) {
        Waiting head = entry.getValue().getFirst();
        if (first == null || isBefore(head, first, smallest)) {
          first = head;
          best = entry.getKey();
        }
      }
    }
    if (best != null) {
      heads.getOrDefault(best, List.of()).removeFirst();
    }
    return first;
  }

  private boolean isBefore(Waiting one, Waiting other, long smallest) {
    boolean scarce = bundleOf(one.name()).peak() > smallest;
    boolean otherScarce = bundleOf(other.name()).peak() > smallest;
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
            .flatMap(held -> bundleOf(held).tests().stream())
            .collect(Collectors.toSet()),
        member.handed);
  }

  // ---- for tests

  boolean isOver() {
    return settled.size() == tests;
  }

  /// What was settled, in order.
  List<String> log() {
    return log;
  }

  /// Everything there is, as text.
  public String state() {
    var lines = new TreeSet<String>();
    bundles.forEach((name, bundle) ->
        lines.add(
            name
                + " "
                + bundle.group()
                + " "
                + bundle.peak()
                + " "
                + bundle.micros()
                + " "
                + bundle.tests()
                + (isWaiting(name) ? " waits" : " with " + leases.get(name))));
    lines.add("settled " + settled + " red " + red + " " + reds + " late " + lates);
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
