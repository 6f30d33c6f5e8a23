package dev.plimsoll.run.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/// A virtual clock with an agenda: to wait is to let what is due happen. What is due at the same
/// moment happens in the order in which it was planned, so the same script gives the same run.
final class TestingClock implements RunClock {
  static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

  /// No scripted run takes so long unless it never ends.
  private static final Duration ENDLESS = Duration.ofMinutes(30);

  private final PriorityQueue<Happening> agenda =
      new PriorityQueue<>(
          (a, b) -> a.at.equals(b.at) ? Long.compare(a.number, b.number) : a.at.compareTo(b.at));
  private Instant now = START;
  private long number;

  private record Happening(Instant at, long number, Runnable action) {}

  void after(Duration delay, Runnable action) {
    agenda.add(new Happening(now.plus(delay), number++, action));
  }

  @Override
  public Instant instant() {
    return now;
  }

  Duration sinceStart() {
    return Duration.between(START, now);
  }

  @Override
  public <T> @Nullable T next(BlockingQueue<T> queue, Duration most) {
    Instant end = now.plus(most.isPositive() ? most : Duration.ofNanos(1));
    while (queue.isEmpty()) {
      Happening next = agenda.peek();
      if (next == null || next.at.isAfter(end)) {
        now = end;
        break;
      }
      agenda.remove();
      now = next.at.isAfter(now) ? next.at : now;
      next.action.run();
    }
    if (sinceStart().compareTo(ENDLESS) > 0) {
      throw new AssertionError("the run does not end");
    }
    return queue.poll();
  }
}
