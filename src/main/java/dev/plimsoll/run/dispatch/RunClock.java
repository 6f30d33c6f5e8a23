package dev.plimsoll.run.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The time of a run, and how its thread waits for what happens.
public interface RunClock extends InstantSource {
  /// Wait for the next element of a queue, no longer than this.
  ///
  /// @return null when none came
  <T> @Nullable T next(BlockingQueue<T> queue, Duration most) throws InterruptedException;

  /// Real time.
  static RunClock of(InstantSource clock) {
    return new RunClock() {
      @Override
      public Instant instant() {
        return clock.instant();
      }

      @Override
      public <T> @Nullable T next(BlockingQueue<T> queue, Duration most)
          throws InterruptedException {
        return queue.poll(Math.max(1, most.toNanos()), TimeUnit.NANOSECONDS);
      }
    };
  }
}
