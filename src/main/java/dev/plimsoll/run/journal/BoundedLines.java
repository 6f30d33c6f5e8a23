package dev.plimsoll.run.journal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The lines of a file that another machine wrote, up to a size: neither one line nor all of them
/// can fill the memory or keep the reader busy for ever. The last line counts only with its end.
final class BoundedLines {
  /// Far above a test's result, whose texts are at most some MiB.
  static final int LONGEST_LINE = 64 << 20;

  private final InputStream in;
  private final long most;
  private final byte[] buffer = new byte[1 << 16];
  private int at;
  private int end;
  private long read;

  /// @param most bytes of all lines together
  BoundedLines(InputStream in, long most) {
    this.in = in;
    this.most = most;
  }

  /// @throws IOException when it cannot be read, or is larger than it may be
  Optional<String> next() throws IOException {
    var line = new ByteArrayOutputStream();
    while (true) {
      if (at == end && !fill()) {
        return Optional.empty();
      }
      int start = at;
      while (at < end && buffer[at] != '\n') {
        at++;
      }
      line.write(buffer, start, at - start);
      if (line.size() > LONGEST_LINE) {
        throw new IOException("a line is longer than " + (LONGEST_LINE >> 20) + " MiB");
      }
      if (at < end) {
        at++;
        return Optional.of(line.toString(StandardCharsets.UTF_8));
      }
    }
  }

  private boolean fill() throws IOException {
    int count = in.read(buffer);
    if (count <= 0) {
      return false;
    }
    read += count;
    if (read > most) {
      throw new IOException("it is larger than " + (most >> 20) + " MiB");
    }
    at = 0;
    end = count;
    return true;
  }
}
