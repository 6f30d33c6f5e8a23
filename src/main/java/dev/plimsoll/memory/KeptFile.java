package dev.plimsoll.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A kernel file that stays open and is read again from its start.
///
/// Opening costs several times what reading does. A file that is gone or cannot be read gives
/// nothing, and is tried again at the next reading only when it had been there before: what a
/// system does not have, it does not get later. One thread at a time.
final class KeptFile implements AutoCloseable {
  /// A read that ends well inside a page was the whole file: the kernel fills files of this kind
  /// page by page (seq_file.c).
  private static final int SHORT = 3500;

  private final Path path;
  private final Scratch scratch;
  private @Nullable FileChannel channel;
  private boolean missing;

  KeptFile(Path path, Scratch scratch) {
    this.path = path;
    this.scratch = scratch;
  }

  /// Room for one text, shared by all files of one owner.
  static final class Scratch {
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(16 << 10);
    private final byte[] bytes = new byte[16 << 10];
  }

  /// The text now. The next reading with the same scratch overwrites it.
  Optional<StatText> read() {
    try {
      FileChannel open = open();
      return open == null ? Optional.empty() : Optional.of(readAll(open));
    } catch (IOException gone) {
      close();
      return Optional.empty();
    }
  }

  private StatText readAll(FileChannel open) throws IOException {
    ByteBuffer buffer = scratch.buffer.clear();
    int count = open.read(buffer, 0);
    while (count > 0 && buffer.position() > SHORT && buffer.hasRemaining()) {
      count = open.read(buffer, buffer.position());
    }
    buffer.flip();
    int length = buffer.remaining();
    buffer.get(scratch.bytes, 0, length);
    return new StatText(scratch.bytes, length);
  }

  private @Nullable FileChannel open() throws IOException {
    if (channel == null && !missing) {
      missing = true;
      channel = FileChannel.open(path, StandardOpenOption.READ);
      missing = false;
    }
    return channel;
  }

  @Override
  public void close() {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException alreadyGone) {
        missing = true;
      }
    }
  }
}
