package dev.plimsoll.engine.pytest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// What pytest prints, passed on in whole lines, so that other output does not appear in the middle
/// of a line.
///
/// Output and messages come on two ways. A message that must follow what was printed before it
/// waits until that has been passed on; see `terminal.py` for the other side.
final class HostOutput {
  /// A line is passed on in parts from this many bytes on, so that it takes no memory.
  private static final int LONGEST_LINE = 1 << 16;

  /// How long a message waits at the most, in milliseconds: the order of two texts is not worth
  /// more.
  private static final long PATIENCE = 1000;

  private final InputStream stream;

  /// Whether everything that was read has been passed on.
  private volatile boolean idle;

  HostOutput(InputStream stream) {
    this.stream = stream;
  }

  /// Pass on everything until the end.
  void passOn(Consumer<HostMessage> sink) throws IOException {
    try (stream) {
      var pending = new ByteArrayOutputStream();
      byte[] buffer = new byte[8192];
      for (int n = read(buffer); n >= 0; n = read(buffer)) {
        int end = n < LONGEST_LINE - pending.size() ? afterLastLine(buffer, n) : n;
        pending.write(buffer, 0, end);
        if (end > 0) {
          flush(pending, sink);
        }
        pending.write(buffer, end, n - end);
      }
      flush(pending, sink);
    } finally {
      idle = true;
    }
  }

  private int read(byte[] buffer) throws IOException {
    idle = stream.available() == 0; // a host that started early has printed before anybody read
    int n = stream.read(buffer);
    idle = false;
    return n;
  }

  /// No character of UTF-8 but the newline contains its byte.
  private static int afterLastLine(byte[] buffer, int length) {
    int end = length;
    while (end > 0 && buffer[end - 1] != '\n') {
      end--;
    }
    return end;
  }

  private static void flush(ByteArrayOutputStream pending, Consumer<HostMessage> sink) {
    if (pending.size() > 0) {
      sink.accept(new HostMessage.Output(pending.toString(StandardCharsets.UTF_8)));
      pending.reset();
    }
  }

  /// Wait until what has been read is passed on.
  void awaitPassedOn() {
    try {
      for (long waited = 0; !idle && waited < PATIENCE; waited++) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
