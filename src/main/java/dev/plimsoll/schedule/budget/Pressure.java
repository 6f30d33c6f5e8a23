package dev.plimsoll.schedule.budget;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.MemorySample;
import dev.plimsoll.model.Shortage;
import dev.plimsoll.schedule.Memory;
import java.time.Duration;
import java.util.Optional;

/// Judge how pressing memory is, from one look to the next.
///
/// Tight: the reserve is being eaten, tasks stall for memory (PSI `full` over 10 % of the last 10
/// s, see Documentation/accounting/psi.rst of the kernel), or the machine swaps in and out at once
/// (4 MiB a second each way). Critical: half of the reserve is gone, or will be before the next
/// look at the rate since the last one.
///
/// It also says when the next look is due: so soon that a fast allocator, at {@link #FASTEST},
/// cannot take half of what is left in between. A kill takes a few milliseconds, for which the
/// other half is there.
public final class Pressure {
  private static final double FULL_STALL = 10;

  /// Bytes a millisecond: 5 GB/s. One core fills huge pages at 2 to 6 GB/s on machines of today
  /// (`bin/torture --bombs` tries up to 5).
  private static final long FASTEST = 5_000_000;

  private static final Duration LONGEST = Duration.ofMillis(100);
  private static final Duration SHORTEST = Duration.ofMillis(10);

  /// Pages swapped in and out in a second that count as swapping at once: 4 MiB each way. What is
  /// put away once and not asked for again, or fetched when its program goes on, is not.
  private static final long PAGES = 1024;

  private static final long WINDOW = 1000;

  private long lastMillis = -1;
  private long lastSpare;
  private long window = -1;
  private long pagesIn;
  private long pagesOut;
  private boolean thrashing;
  private Optional<Shortage> why = Optional.empty();

  /// Judge a sample.
  ///
  /// @param millis when it was taken
  /// @param headroom what may still be allocated before the reserve is eaten
  /// @param spare what may still be allocated before half of the reserve is gone
  /// @param limit what bounds the headroom
  public Memory.State judge(
      long millis, Bytes headroom, Bytes spare, MemorySample sample, Shortage limit) {
    long next = spare.value() - rate(millis, spare) * until(spare).toMillis();
    boolean gone = spare.value() < 0;
    boolean going = headroom.value() < 0 && next < 0;
    lastMillis = millis;
    lastSpare = spare.value();
    watchSwap(millis, sample);
    if (gone || going) {
      why = Optional.of(limit);
      return Memory.State.CRITICAL;
    }
    why = tight(headroom, sample, limit);
    return why.isEmpty() ? Memory.State.CALM : Memory.State.TIGHT;
  }

  /// How long the next look may be put off.
  ///
  /// @param spare what may still be allocated before half of the reserve is gone
  public static Duration until(Bytes spare) {
    var enough = Duration.ofMillis(Math.max(0, spare.value()) / (2 * FASTEST));
    return enough.compareTo(SHORTEST) < 0
        ? SHORTEST
        : enough.compareTo(LONGEST) > 0 ? LONGEST : enough;
  }

  /// Bytes a millisecond that went since the last look.
  private long rate(long millis, Bytes spare) {
    return lastMillis < 0 || millis <= lastMillis
        ? 0
        : Math.max(0, lastSpare - spare.value()) / (millis - lastMillis);
  }

  /// The reason of the last judgement, empty when calm.
  public Optional<Shortage> why() {
    return why;
  }

  private Optional<Shortage> tight(Bytes headroom, MemorySample sample, Shortage limit) {
    double stall = sample.fullStall().orElse(0);
    if (headroom.value() < 0) {
      return Optional.of(limit);
    }
    if (stall > FULL_STALL) {
      return Optional.of(new Shortage.Stall(stall));
    }
    return thrashing ? Optional.of(new Shortage.Swapping()) : Optional.empty();
  }

  /// Looks come at any pace, so what is swapped is judged once a second.
  private void watchSwap(long millis, MemorySample sample) {
    long took = window < 0 ? 0 : millis - window;
    if (window >= 0 && took < WINDOW) {
      return;
    }
    long in = sample.pagesIn().orElse(0);
    long out = sample.pagesOut().orElse(0);
    long limit = PAGES * took / WINDOW;
    thrashing = window >= 0 && in - pagesIn > limit && out - pagesOut > limit;
    window = millis;
    pagesIn = in;
    pagesOut = out;
  }
}
