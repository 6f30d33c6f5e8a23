package dev.plimsoll.run.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Has each line on the disk a moment after it was written, so that a power failure loses the last
/// moment and not the half minute for which the kernel keeps it. Whoever writes never waits for the
/// disk: a thread of its own does.
final class SyncedSoon implements Journal.Sink {
  private final Journal.Sink sink;
  private final Duration moment;
  private final Thread thread;
  private volatile boolean dirty;
  private volatile boolean closed;

  SyncedSoon(Journal.Sink sink, Duration moment) {
    this.sink = sink;
    this.moment = moment;
    this.thread = Thread.ofPlatform().daemon().name("journal").start(this::loop);
  }

  @Override
  public void append(ByteBuffer line) throws IOException {
    sink.append(line);
    if (!dirty) {
      dirty = true;
      LockSupport.unpark(thread);
    }
  }

  @Override
  public void sync() throws IOException {
    sink.sync();
  }

  @Override
  public void close() throws IOException {
    closed = true;
    LockSupport.unpark(thread);
    sink.close();
  }

  private void loop() {
    while (!closed) {
      if (!dirty) {
        LockSupport.park();
        continue;
      }
      pause();
      dirty = false; // what is written from now on has the next turn
      try {
        sink.sync();
      } catch (IOException failed) {
        // Whoever writes next or ends the run meets it, and tells it.
      }
    }
  }

  private void pause() {
    long end = System.nanoTime() + moment.toNanos();
    for (long left = moment.toNanos(); left > 0 && !closed; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
