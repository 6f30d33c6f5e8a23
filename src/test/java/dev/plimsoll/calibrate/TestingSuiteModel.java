package dev.plimsoll.calibrate;

import dev.plimsoll.calibrate.choice.Amount;
import dev.plimsoll.calibrate.choice.MemoryUse;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.RamAfter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// A simulated machine with a suite on it: how long a run takes, what it needs, and whether it
/// fails.
///
/// Time: a serial part, work that the processors share, and a cost for each worker; above the
/// memory it swaps and slows down, further above it is killed. From some level on a test may fail,
/// more often than not. Each run has noise of its own; now and then another program disturbs it.
/// The n-th run of a level is the same whenever it is made, so different strategies see the same
/// machine.
final class TestingSuiteModel {
  private static final int TESTS = 200;

  private final long seed;
  private final int cores;
  private final double serial;
  private final double work;
  private final double cost;
  private final double base;
  private final double each;
  private final double memory;
  private final double noise;
  private final int failsFrom;
  private final double failsOften;
  private final Map<Integer, Integer> runs = new HashMap<>();
  private int count;

  /// A machine with a test that, more often than not where there is one, always fails or nearly so.
  TestingSuiteModel(long seed) {
    this(seed, false);
  }

  /// @param hidden whether the instability may be rare and the times vary as on a laptop
  TestingSuiteModel(long seed, boolean hidden) {
    var random = new SplittableRandom(seed);
    this.seed = seed;
    cores = 2 + random.nextInt(11);
    serial = random.nextDouble(1, 15);
    work = random.nextDouble(20, 300);
    cost = random.nextDouble(0, 0.02) * work;
    base = random.nextDouble(100, 1500);
    each = random.nextDouble(30, 1500);
    memory = random.nextDouble(6000, 16000);
    noise = random.nextDouble(0.002, hidden ? 0.04 : 0.02);
    boolean fails = hidden ? random.nextInt(5) > 0 : random.nextInt(3) == 0;
    failsFrom = fails ? 2 + random.nextInt(10) : Integer.MAX_VALUE;
    failsOften =
        hidden ? Math.exp(random.nextDouble(Math.log(0.02), 0)) : random.nextDouble(0.6, 1);
  }

  Amount budget() {
    return Amount.of(Bytes.of((long) (memory * 0.9 * (1 << 20))));
  }

  /// How many runs were made.
  int count() {
    return count;
  }

  /// Time without noise.
  double time(int workers) {
    double parallel = work / Math.pow(Math.min(workers, cores), 0.95);
    double time = serial + parallel + cost * (workers - 1);
    return time * (1 + 2 * Math.max(0, peak(workers) / memory - 0.9));
  }

  /// Whether no run ever fails and its use of memory is acceptable.
  boolean acceptable(int workers) {
    return workers < failsFrom && peak(workers) <= memory * 0.9;
  }

  /// The share of runs that fail at a level.
  double failing(int workers) {
    return peak(workers) > memory * 1.1 ? 1 : workers >= failsFrom ? failsOften : 0;
  }

  private double peak(int workers) {
    return base + each * workers;
  }

  Trial run(int workers) {
    int run = runs.merge(workers, 1, Integer::sum);
    count++;
    var random = new SplittableRandom(seed * 1_000_003 + workers * 1009L + run);
    double factor = 1 + noise * random.nextGaussian();
    double disturbed = random.nextInt(20) == 0 ? 1 + random.nextDouble(0.5) : 1;
    boolean fails = workers >= failsFrom && random.nextDouble() < failsOften;
    boolean killed = peak(workers) > memory * 1.1;
    var background = Background.of(disturbed == 1 ? 0 : (disturbed - 1) * cores, Bytes.ZERO, cores);
    return new Trial(
        "",
        workers,
        Duration.ofNanos((long) (time(workers) * Math.max(0.5, factor) * disturbed * 1e9)),
        TESTS,
        fails ? Map.of("test_state", Outcome.FAILED) : Map.of(),
        killed ? List.of("OOM kill") : List.of(),
        memoryUse(peak(workers) * (1 + 0.02 * random.nextDouble(-1, 1))),
        background,
        List.of());
  }

  private MemoryUse memoryUse(double peak) {
    double swapped = Math.max(0, peak - memory * 0.9);
    return new MemoryUse(
        Amount.of(Bytes.ZERO),
        Amount.of(mib(swapped)),
        Amount.of(mib(peak)),
        Amount.of(mib(memory - peak)),
        Amount.of(mib(memory)),
        RamAfter.UNKNOWN);
  }

  private static Bytes mib(double mib) {
    return Bytes.of((long) (mib * (1 << 20)));
  }
}
