package dev.plimsoll.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/// Replaces a text file atomically: after a crash it has either the old text or the new one. Writes
/// a new file in the same directory, syncs it to disk and renames it.
///
/// Follows symbolic links and keeps permissions.
public final class AtomicFile {
  private AtomicFile() {}

  /// Write a text; create the directory if necessary.
  public static void write(Path file, String text) throws IOException {
    Path target = target(file);
    Path folder = target.toAbsolutePath().resolveSibling("");
    Files.createDirectories(folder);
    String random = HexFormat.of().toHexDigits(RandomGenerator.getDefault().nextLong());
    Path aside = folder.resolve("." + target.getFileName() + "." + random + ".tmp");
    try {
      writeThrough(aside, text);
      if (Files.exists(target)) {
        Files.setPosixFilePermissions(aside, Files.getPosixFilePermissions(target));
      }
      Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(aside);
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void writeThrough(Path file, String text) throws IOException {
    var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  /// The file at the end of symbolic links, even when it does not exist yet.
  private static Path target(Path file) throws IOException {
    Path target = file;
    for (int links = 0; Files.isSymbolicLink(target); links++) {
      if (links == 40) { // as Linux: path_resolution(7)
        throw new IOException("too many levels of symbolic links: " + file);
      }
      target = target.resolveSibling(Files.readSymbolicLink(target));
    }
    return target;
  }
}
