package dev.plimsoll.memory;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A kernel file that stays open and is read again from its start.
///
/// Opening costs several times what reading does. A `RandomAccessFile` goes straight to the system
/// calls: a `FileChannel` costs three times as much while it is interpreted, as all that is called
/// ten times a second is in a short run, and an interrupt would close it. A file that is gone or
/// cannot be read gives nothing, and is tried again at the next reading only when it had been there
/// before: what a system does not have, it does not get later. One thread at a time.
public final class ReusableProcFile implements AutoCloseable {
  /// A read that ends well inside a page was the whole file: the kernel fills files of this kind
  /// page by page (seq_file.c).
  private static final int SHORT = 3500;

  /// Up to here the JDK reads without asking for memory first.
  private static final int CHUNK = 8 << 10;

  private final Path path;
  private final Scratch scratch;
  private @Nullable RandomAccessFile file;
  private boolean missing;

  public ReusableProcFile(Path path, Scratch scratch) {
    this.path = path;
    this.scratch = scratch;
  }

  /// Room for one text, shared by all files of one owner.
  public static final class Scratch {
    private final byte[] bytes = new byte[16 << 10];
  }

  /// The text now. The next reading with the same scratch overwrites it.
  public Optional<ProcText> read() {
    try {
      RandomAccessFile open = open();
      return open == null ? Optional.empty() : Optional.of(readAll(open));
    } catch (IOException gone) {
      close();
      return Optional.empty();
    }
  }

  private ProcText readAll(RandomAccessFile open) throws IOException {
    byte[] bytes = scratch.bytes;
    open.seek(0);
    int length = Math.max(0, open.read(bytes, 0, CHUNK));
    int count = length;
    while (count > 0 && length > SHORT && length < bytes.length) {
      count = open.read(bytes, length, Math.min(CHUNK, bytes.length - length));
      length += Math.max(0, count);
    }
    return new ProcText(bytes, length);
  }

  private @Nullable RandomAccessFile open() throws IOException {
    if (file == null && !missing) {
      missing = true;
      file = new RandomAccessFile(path.toFile(), "r");
      missing = false;
    }
    return file;
  }

  @Override
  public void close() {
    RandomAccessFile open = file;
    file = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException alreadyGone) {
        missing = true;
      }
    }
  }
}
