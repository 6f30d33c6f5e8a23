package dev.plimsoll.run.dispatch;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.MemorySnapshot;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.RamAfter;
import dev.plimsoll.model.Shortage;
import dev.plimsoll.run.guard.MemoryWatch;
import dev.plimsoll.schedule.Memory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Plenty of memory, but where a script says otherwise: for one look.
final class TestingMemory implements MemoryWatch {
  private static final Bytes BUDGET = Bytes.gib(8);
  private static final Duration LOOK = Duration.ofMillis(100);

  private final InstantSource clock;
  private final Map<Integer, Bytes> sizes = new HashMap<>();
  private Memory.State next = Memory.State.CALM;
  boolean denies;

  /// Whether memory is tight at two of six looks.
  boolean tight;

  private int looks;

  TestingMemory(InstantSource clock) {
    this.clock = clock;
  }

  /// What the next look finds.
  void next(Memory.State state) {
    next = state;
  }

  void size(int worker, Bytes size) {
    sizes.put(worker, size);
  }

  @Override
  public Reading read(long host, Map<Integer, Long> workers) {
    boolean tightNow = tight && ++looks % 6 >= 4 && next == Memory.State.CALM;
    Memory.State state = tightNow ? Memory.State.TIGHT : next;
    next = Memory.State.CALM;
    var held = new HashMap<Integer, Bytes>();
    workers.keySet().forEach(worker -> held.put(worker, sizes.getOrDefault(worker, Bytes.mib(20))));
    var snapshot =
        new MemorySnapshot(
            clock.instant(), Bytes.mib(100), PeakSource.PSS, BUDGET, BUDGET, Bytes.ZERO);
    Optional<Shortage> why =
        state == Memory.State.CALM
            ? Optional.empty()
            : Optional.of(new Shortage.RunBudget(BUDGET, BUDGET));
    return new Reading(snapshot, BUDGET, state, why, LOOK, held, held);
  }

  @Override
  public boolean claim(Bytes pending, Bytes headroom, boolean idle) {
    return !denies;
  }

  @Override
  public void publish(Bytes pending, boolean busy) {
    // Nobody listens.
  }

  @Override
  public Peak peak() {
    return new Peak(Bytes.mib(100), PeakSource.PSS, Bytes.gib(1));
  }

  @Override
  public RamAfter after() {
    return RamAfter.UNKNOWN;
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
