package dev.plimsoll.board;

import dev.plimsoll.board.Board.Fence;
import dev.plimsoll.board.Board.Machine;
import dev.plimsoll.board.Board.Settlement;
import dev.plimsoll.board.Board.Standing;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/// Machines that share a suite through the board, with faults, in simulated time. The machines keep
/// what they know in a real {@link Member}; the board is the model that the script is checked
/// against.
final class BoardSimulation {
  static final long SECOND = 1_000_000;
  private static final long PATIENCE = 20_000;

  /// What is simulated.
  ///
  /// @param lost how many machines die for good, at moments of the first half
  /// @param frozen how many stop for 40 seconds and go on
  /// @param restarts how often the store begins another life
  /// @param poison how many tests kill the machine that runs them
  record Plan(int nodes, int tests, int lost, int frozen, int restarts, int poison, int late) {}

  /// What came out.
  ///
  /// @param longestUnit seconds of the longest unit
  /// @param quiet the longest time without a result, in seconds
  /// @param longestTest seconds of the longest test on the slowest machine
  /// @param killed machines that a poison test ended
  /// @param tooLarge leases that a larger machine should have had
  /// @param twice leases of a test that another member still had
  record Outcome(
      double makespan,
      double bound,
      double longestUnit,
      double quiet,
      double longestTest,
      int mostStarts,
      int killed,
      int tooLarge,
      int twice,
      int idleSeconds,
      List<String> log,
      boolean over) {
    double ofBound() {
      return makespan / bound;
    }
  }

  private record Test(long peak, long micros, boolean poison) {}

  private record Wake(long at, long order, Runnable what) implements Comparable<Wake> {
    @Override
    public int compareTo(Wake other) {
      int by = Long.compare(at, other.at);
      return by != 0 ? by : Long.compare(order, other.order);
    }
  }

  private final Random random;
  private final Plan plan;
  private final List<Test> tests = new ArrayList<>();
  private final int[] starts;

  /// The member that has the test, or 0.
  private final long[] holders;

  private final List<Node> nodes = new ArrayList<>();
  private final PriorityQueue<Wake> wakes = new PriorityQueue<>();
  private final ModelBoard board;
  private long now;
  private long order;
  private long endedAt;
  private int killed;
  private int tooLarge;
  private int twice;
  private long longestUnit;
  private long heard;
  private long quiet;
  private int lives = 1;

  BoardSimulation(long seed, Plan plan) {
    this.random = new Random(seed);
    this.plan = plan;
    this.starts = new int[plan.tests()];
    this.holders = new long[plan.tests()];
    List<Bundle> bundles = Bundles.cut(suite());
    this.board = new ModelBoard(bundles, () -> now / 1000);
    for (int i = 0; i < plan.nodes(); i++) {
      var node = new Node(i);
      nodes.add(node);
      long joins = i < plan.nodes() - plan.late() ? random.nextInt(2_000_000) : 60 * SECOND;
      at(joins, node::begin);
    }
  }

  /// Files of tests, whose estimates are off by up to 35 %; some need much memory, some are long.
  private List<Bundles.Test> suite() {
    var estimated = new ArrayList<Bundles.Test>();
    while (tests.size() < plan.tests()) {
      String path = "f" + tests.size();
      int count = Math.min(1 + random.nextInt(60), plan.tests() - tests.size());
      long peak = (8L << random.nextInt(4)) << 20;
      boolean heavy = random.nextInt(40) == 0;
      long together = 0;
      for (int i = 0; i < count; i++) {
        long micros = (long) (Math.exp(random.nextGaussian()) * 300_000) + 1000;
        long its = heavy ? peak * 40 : peak;
        tests.add(new Test(its, micros, false));
        double off = 0.65 + 0.7 * random.nextDouble();
        boolean shares = random.nextInt(4) == 0;
        together += shares ? micros : 0;
        longestUnit = Math.max(longestUnit, Math.max(micros, together));
        String key = shares ? path + "unit" : path + i;
        estimated.add(new Bundles.Test(key, path, 0, its, (long) (micros * off)));
      }
    }
    for (int i = 0; i < plan.poison(); i++) {
      int chosen = random.nextInt(tests.size());
      Test before = tests.get(chosen);
      tests.set(chosen, new Test(before.peak(), before.micros(), true));
    }
    return estimated;
  }

  private void at(long when, Runnable what) {
    wakes.add(new Wake(when, order++, what));
  }

  Outcome run() {
    double work = tests.stream().mapToDouble(Test::micros).sum();
    long about = (long) (work / (plan.nodes() * 5L));
    for (int i = 0; i < plan.lost(); i++) {
      Node node = nodes.get(i);
      at((long) (about * (0.1 + 0.5 * random.nextDouble())), node::die);
    }
    for (int i = 0; i < plan.frozen(); i++) {
      Node node = nodes.get(plan.lost() + i);
      at(
          (long) (about * (0.1 + 0.5 * random.nextDouble())),
          () -> node.frozenTill = now + 40 * SECOND);
    }
    for (int i = 0; i < plan.restarts(); i++) {
      at((long) (about * random.nextDouble()), () -> board.restart("life" + ++lives));
    }
    long limit = 40 * about + 3_600 * SECOND;
    while (!wakes.isEmpty() && now < limit) {
      Wake next = wakes.poll();
      now = next.at();
      next.what().run();
      if (board.isOver() && endedAt == 0) {
        endedAt = now;
        break;
      }
    }
    int most = 0;
    for (int count : starts) {
      most = Math.max(most, count);
    }
    long idle = nodes.stream().mapToLong(node -> node.idle).sum();
    double slowest = nodes.stream().mapToDouble(node -> node.speed).min().orElse(1);
    return new Outcome(
        endedAt / 1e6,
        bound() / 1e6,
        longestUnit / 1e6,
        quiet / 1e6,
        tests.stream().mapToLong(Test::micros).max().orElse(0) / 1e6 / slowest,
        most,
        killed,
        tooLarge,
        twice,
        (int) (idle / SECOND / Math.max(1, plan.nodes())),
        board.log(),
        board.isOver());
  }

  /// No schedule ends before: capacity counts from joining, and to the death of a machine.
  private double bound() {
    double micros = tests.stream().mapToDouble(Test::micros).sum();
    double bytes = tests.stream().mapToDouble(test -> (double) test.micros() * test.peak()).sum();
    double low = 0;
    double high = 1e15;
    for (int i = 0; i < 100; i++) {
      double middle = (low + high) / 2;
      double time = 0;
      double space = 0;
      for (Node node : nodes) {
        double lives = Math.max(0, Math.min(middle, node.diedAt) - node.joinedAt);
        time += lives * node.machine.workers() * node.speed;
        space += lives * node.machine.budget() * node.speed;
      }
      if (time >= micros && space >= bytes) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return high;
  }

  private final class Node {
    final Machine machine;
    final double speed;
    Member member = new Member();
    Optional<Fence> fence = Optional.empty();
    final ArrayDeque<Integer> queue = new ArrayDeque<>();
    final Set<Integer> alone = new HashSet<>();
    final Set<Integer> running = new HashSet<>();
    long frozenTill;
    long joinedAt;
    double diedAt = Double.MAX_VALUE;
    boolean dead;
    long idle;
    private long lastBeat;

    /// Expected work that waits here.
    private long queued;

    /// Memory of the tests that run.
    private long used;

    Node(int number) {
      this.machine =
          new Machine(
              "n" + number,
              2 + random.nextInt(7),
              (1L << random.nextInt(4)) * (2L << 30),
              PATIENCE);
      this.speed = 0.7 + 0.6 * random.nextDouble();
    }

    void begin() {
      joinedAt = now;
      beat();
    }

    void die() {
      if (!dead) {
        dead = true;
        diedAt = now;
      }
    }

    private boolean sleeps(Runnable again) {
      if (!dead && frozenTill > now) {
        at(frozenTill, again);
        return true;
      }
      return dead;
    }

    /// Once a second.
    private void beat() {
      if (sleeps(this::beat)) {
        return;
      }
      idle += running.isEmpty() ? Math.min(SECOND, now - lastBeat) : 0;
      lastBeat = now;
      joined();
      Optional<Standing> standing = fence.flatMap(own -> board.beat(own, member.handed()));
      if (standing.isEmpty()) {
        join();
      } else if (standing.get().wantsBack()) {
        List<String> spare = member.spare();
        if (!spare.isEmpty()) {
          fence.ifPresent(own -> board.giveBack(own, spare));
          unqueue(spare);
        }
      }
      work();
      at(now + SECOND, this::beat);
    }

    private void joined() {
      if (fence.isEmpty()) {
        join();
      }
    }

    private void join() {
      long before = fence.map(Fence::epoch).orElse(0L);
      boolean lives = board.isMember(before);
      Board.Joined joined = board.join(machine, fence, member.held()).orElseThrow();
      fence = Optional.of(joined.fence());
      unqueue(joined.lost());
      // After a death in the eyes of the board, what runs here is no longer its own.
      member.handed().stream().filter(t -> lives && holders[t] == before).forEach(this::hold);
      queue.forEach(this::hold);
      settle(true, member.results());
      board.beat(joined.fence(), member.handed());
    }

    private void unqueue(List<String> bundles) {
      var gone = new HashSet<>(member.lose(bundles));
      if (!gone.isEmpty()) {
        queue.removeAll(gone);
        gone.forEach(test -> {
          queued -= tests.get(test).micros();
          holders[test] = 0;
        });
      }
    }

    private void hold(int test) {
      holders[test] = fence.orElseThrow().epoch();
    }

    private void settle(boolean again, List<Settlement> results) {
      for (int tries = 0; tries < 3 && !results.isEmpty(); tries++) {
        var answer = fence.flatMap(own -> board.settle(own, again, results));
        if (answer.isPresent()) {
          if (!again) {
            member.refuse(answer.get());
          }
          quiet = Math.max(quiet, now - heard);
          heard = now;
          return;
        }
        join();
      }
    }

    /// Ask for more when little waits, and start what fits.
    private void work() {
      if (queued < 0.5 * SECOND * machine.workers()) {
        Optional<List<Board.Lease>> taken = fence.flatMap(board::take);
        for (Board.Lease lease : taken.orElse(List.of())) {
          checkSize(lease);
          checkOnce(lease);
          Member.Given given = member.given(lease);
          queue.addAll(given.tests());
          for (int test : given.tests()) {
            queued += tests.get(test).micros();
          }
          if (given.alone()) {
            alone.addAll(given.tests());
          }
          settle(false, given.known());
        }
      }
      var held = new ArrayList<Integer>();
      while (!queue.isEmpty() && running.size() < machine.workers() && !dead) {
        int test = queue.poll();
        if (fits(test)) {
          queued -= tests.get(test).micros();
          start(test);
        } else {
          held.add(test);
        }
      }
      held.reversed().forEach(queue::addFirst);
    }

    /// A test that another member has comes here only after the end of that membership.
    private void checkOnce(Board.Lease lease) {
      for (int test : lease.tests()) {
        twice += board.isMember(holders[test]) ? 1 : 0;
        hold(test);
      }
    }

    /// A test that does not fit here may only come when it fits no machine that surely lives.
    private void checkSize(Board.Lease lease) {
      long peak = 0;
      for (int test : lease.tests()) {
        peak = Math.max(peak, tests.get(test).peak());
      }
      if (peak > machine.budget()) {
        tooLarge += holds(peak) ? 1 : 0;
      }
    }

    private boolean holds(long peak) {
      return nodes.stream()
          .filter(node -> !node.dead && node.frozenTill == 0 && node.fence.isPresent())
          .anyMatch(node -> node.machine.budget() >= peak);
    }

    private boolean fits(int test) {
      if (running.isEmpty()) {
        return true;
      }
      boolean single =
          !alone.isEmpty() && (alone.contains(test) || running.stream().anyMatch(alone::contains));
      return !single && used + tests.get(test).peak() <= machine.budget();
    }

    private void start(int test) {
      Test its = tests.get(test);
      starts[test]++;
      running.add(test);
      used += its.peak();
      member.hand(List.of(test));
      fence.ifPresent(own -> board.beat(own, member.handed()));
      if (its.poison()) {
        die();
        killed++;
      } else {
        at(now + (long) (its.micros() / speed), () -> end(test));
      }
    }

    private void end(int test) {
      if (sleeps(() -> end(test))) {
        return;
      }
      running.remove(test);
      used -= tests.get(test).peak();
      settle(false, List.of(member.end(test, false, "ok")));
      work();
    }
  }
}
