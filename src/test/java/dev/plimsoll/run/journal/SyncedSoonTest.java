package dev.plimsoll.run.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

class SyncedSoonTest {
  private final LinkedBlockingQueue<String> calls = new LinkedBlockingQueue<>();

  @Test
  void eachLineIsSyncedSoonAfterItWasWritten() throws Exception {
    try (var journal = new Closed(new SyncedSoon(new Recorded(), Duration.ofMillis(1)))) {
      for (int line = 0; line < 3; line++) {
        journal.sink.append(ByteBuffer.allocate(1));
        assertThat(calls.take()).isEqualTo("append");
        assertThat(calls.take()).isEqualTo("sync");
      }
      assertThat(calls).isEmpty();
    }
    assertThat(calls.take()).isEqualTo("close");
  }

  @Test
  void linesThatAreWrittenTogetherAreSyncedOnce() throws Exception {
    try (var journal = new Closed(new SyncedSoon(new Recorded(), Duration.ofMinutes(10)))) {
      for (int line = 0; line < 100; line++) {
        journal.sink.append(ByteBuffer.allocate(1));
      }
      assertThat(calls).hasSize(100).containsOnly("append");
    }
  }

  /// A journal that is closed at the end.
  private record Closed(SyncedSoon sink) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      sink.close();
    }
  }

  private final class Recorded implements Journal.Sink {
    @Override
    public void append(ByteBuffer line) {
      calls.add("append");
    }

    @Override
    public void sync() {
      calls.add("sync");
    }

    @Override
    public void close() {
      calls.add("close");
    }
  }
}
