package dev.plimsoll.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.estimate.TestCost;
import dev.plimsoll.model.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Plans on simulated suites and machines, beside what pytest-split does with them.
class PackerTest {
  private static final int SEEDS = 40;

  /// One suite in two states: what history expects, and what it really takes.
  private record Suite(List<TestCost> expected, List<TestCost> real) {}

  @Test
  void unequalMachinesEndEarlierThanWithPytestSplitAndHoldTheirTests() {
    double ours = 0;
    double chunks = 0;
    double least = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      List<ShardMachine> machines = unequal(new SplittableRandom(seed));
      Suite suite = suite(new SplittableRandom(seed), 2_000, 0.35);
      ShardPlan plan = Packer.pack(suite.expected(), machines);
      var shares =
          shares(
              suite.real().stream()
                  .map(test -> plan.shardOf(UnitCost.key(test.id(), test.unit()), Bytes.ZERO))
                  .toList(),
              suite,
              machines.size());
      assertThat(tooLarge(machines, shares)).as("seed %d", seed).isZero();
      ours += makespan(machines, shares);
      chunks += makespan(machines, shares(chunks(suite, machines.size()), suite, machines.size()));
      least += makespan(machines, shares(least(suite, machines.size()), suite, machines.size()));
    }
    assertThat(ours / chunks).as("against duration_based_chunks").isLessThan(0.8);
    assertThat(ours / least).as("against least_duration").isLessThan(0.8);
  }

  /// In one group; the units above a machine's budget have only the others.
  @Test
  void aPlanIsCloseToTheLowerBound() {
    double sum = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      List<ShardMachine> machines = unequal(new SplittableRandom(seed));
      List<TestCost> tests =
          suite(new SplittableRandom(seed), 2_000, 0).expected().stream()
              .map(t -> new TestCost(t.id(), t.unit(), "light", t.time(), t.peak()))
              .toList();
      ShardPlan plan = Packer.pack(tests, machines);
      double longest = plan.seconds().stream().mapToDouble(s -> s).max().orElseThrow();
      double ratio = longest / lowerBound(machines, UnitCost.of(tests));
      assertThat(ratio).as("seed %d", seed).isLessThan(1.25);
      sum += ratio;
    }
    assertThat(sum / SEEDS).isLessThan(1.1);
  }

  private static double lowerBound(List<ShardMachine> machines, List<UnitCost> units) {
    double bound = units.stream().mapToDouble(UnitCost::seconds).max().orElseThrow();
    for (long floor : List.of(0L, Bytes.gib(7).value())) {
      var needing = units.stream().filter(u -> u.peak().value() > floor).toList();
      var holding = machines.stream().filter(m -> m.budget().value() > floor).toList();
      double work = needing.stream().mapToDouble(UnitCost::seconds).sum();
      double bytes = needing.stream().mapToDouble(UnitCost::byteSeconds).sum();
      bound = Math.max(bound, work / holding.stream().mapToInt(m -> m.workers("light")).sum());
      bound = Math.max(bound, bytes / holding.stream().mapToLong(m -> m.budget().value()).sum());
    }
    return bound;
  }

  @Test
  void theSameHistoryGivesTheSamePlanInAnyOrder() {
    Suite suite = suite(new SplittableRandom(3), 500, 0);
    List<ShardMachine> machines = unequal(new SplittableRandom(3));
    var shuffled = new ArrayList<>(suite.expected());
    java.util.Collections.shuffle(shuffled, new java.util.Random(1));
    assertThat(Packer.pack(shuffled, machines).shards())
        .isEqualTo(Packer.pack(suite.expected(), machines).shards());
  }

  @Test
  void whatNoMachineHoldsGoesToTheLargest() {
    var machines = List.of(machine("4c 4g", 4, 1), machine("4c 16g", 16, 1));
    var giant = new TestCost("a.py::t", "", "light", Duration.ofSeconds(1), Bytes.gib(64));
    ShardPlan plan = Packer.pack(List.of(giant), machines);
    assertThat(plan.shards()).isEqualTo(Map.of("a.py::t", 1));
    assertThat(plan.tooLarge(List.of(giant))).containsExactly(giant);
  }

  private static List<ShardMachine> unequal(SplittableRandom random) {
    var machines = new ArrayList<ShardMachine>();
    int count = random.nextInt(4, 12);
    for (int i = 0; i < count; i++) {
      machines.add(
          i % 3 == 2 ? machine("16c 62g", 56, 16) : machine("4c 8g", 7, random.nextInt(2, 5)));
    }
    return machines;
  }

  private static ShardMachine machine(String name, int gib, int workers) {
    return new ShardMachine(
        name, Bytes.gib(gib), 1, Map.of("heavy", Math.max(1, workers / 4), "light", workers));
  }

  private static Suite suite(SplittableRandom random, int tests, double error) {
    var expected = new ArrayList<TestCost>();
    var real = new ArrayList<TestCost>();
    for (int i = 0; i < tests; i++) {
      boolean heavy = random.nextInt(40) == 0;
      String unit = random.nextInt(4) == 0 ? "tests/test_" + i / 20 + ".py::TestClass" : "";
      double seconds = Math.exp(random.nextGaussian()) * (heavy ? 8 : 0.4);
      var peak = Bytes.mib(heavy ? random.nextInt(500, 20_000) : random.nextInt(1, 200));
      double off = 1 + (random.nextDouble() * 2 - 1) * error;
      String id = "tests/test_" + i / 20 + ".py::test_" + i;
      expected.add(test(id, unit, heavy, seconds * off, peak));
      real.add(test(id, unit, heavy, seconds, peak));
    }
    return new Suite(expected, real);
  }

  private static TestCost test(String id, String unit, boolean heavy, double seconds, Bytes peak) {
    return new TestCost(
        id, unit, heavy ? "heavy" : "light", Duration.ofNanos((long) (seconds * 1e9)), peak);
  }

  /// pytest-split's default, `duration_based_chunks`: in the order of the collection, each group is
  /// filled up to an equal part of the expected time.
  private static List<Integer> chunks(Suite suite, int shards) {
    double each = total(suite.expected()) / shards;
    var places = new ArrayList<Integer>();
    double filled = 0;
    int shard = 0;
    for (TestCost test : suite.expected()) {
      if (filled >= each * (shard + 1) && shard < shards - 1) {
        shard++;
      }
      places.add(shard);
      filled += test.time().toNanos() / 1e9;
    }
    return places;
  }

  /// pytest-split's `least_duration`: the longest first, each to the group with the least so far.
  private static List<Integer> least(Suite suite, int shards) {
    double[] filled = new double[shards];
    var places = new ArrayList<>(java.util.Collections.nCopies(suite.expected().size(), 0));
    var order =
        IntStream.range(0, suite.expected().size())
            .boxed()
            .sorted(Comparator.comparing((Integer i) -> suite.expected().get(i).time()).reversed())
            .toList();
    for (int i : order) {
      int first =
          IntStream.range(0, shards)
              .boxed()
              .min(Comparator.comparingDouble(s -> filled[s]))
              .orElseThrow();
      places.set(i, first);
      filled[first] += suite.expected().get(i).time().toNanos() / 1e9;
    }
    return places;
  }

  private static double total(List<TestCost> tests) {
    return tests.stream().mapToDouble(test -> test.time().toNanos() / 1e9).sum();
  }

  private static List<List<TestCost>> shares(List<Integer> places, Suite suite, int shards) {
    var shares = new ArrayList<List<TestCost>>();
    for (int i = 0; i < shards; i++) {
      shares.add(new ArrayList<>());
    }
    for (int i = 0; i < places.size(); i++) {
      shares.get(places.get(i)).add(suite.real().get(i));
    }
    return shares;
  }

  private static double makespan(List<ShardMachine> machines, List<List<TestCost>> shares) {
    return IntStream.range(0, shares.size())
        .mapToDouble(i -> new SimulatedShard(machines.get(i), shares.get(i)).seconds())
        .max()
        .orElseThrow();
  }

  private static long tooLarge(List<ShardMachine> machines, List<List<TestCost>> shares) {
    return IntStream.range(0, shares.size())
        .mapToLong(i -> new SimulatedShard(machines.get(i), shares.get(i)).tooLarge())
        .sum();
  }

  /// Every unit has one shard, whatever the plan knows of it, and new ones follow the weights.
  @Test
  void aPlanAnswersForEveryUnitAndOthersMoveNothing() {
    for (int seed = 0; seed < SEEDS; seed++) {
      var random = new SplittableRandom(seed);
      List<ShardMachine> machines = unequal(random);
      Suite suite = suite(random, 300, 0);
      List<TestCost> known = suite.expected().subList(0, 150);
      ShardPlan plan = Packer.pack(known, machines);
      int[] counts = new int[machines.size()];
      for (int i = 0; i < 4_000; i++) {
        int shard = plan.shardOf("tests/test_new.py::test_" + i, Bytes.ZERO);
        counts[shard]++;
      }
      double weights = machines.stream().mapToDouble(ShardMachine::weight).sum();
      for (int i = 0; i < counts.length; i++) {
        double share = machines.get(i).weight() / weights;
        assertThat(counts[i] / 4_000.0).as("seed %d", seed).isBetween(share * 0.6, share * 1.5);
      }
      Set<Integer> holders = new HashSet<>(ShardPlan.holders(machines, Bytes.gib(30)));
      for (int i = 0; i < 200; i++) {
        assertThat(holders).contains(plan.shardOf("big" + i, Bytes.gib(30)));
      }
    }
  }
}
