package dev.plimsoll.memory;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Where the system's own files are found: `/`, or a folder with the captured files of another
/// system.
public record SystemRoot(Path path) {
  private static final long AT_PAGESZ = 6;
  private static final long USUAL_PAGE = 4096;

  public static SystemRoot system() {
    return new SystemRoot(Path.of("/"));
  }

  /// The file that this system shows under an absolute path.
  public Path at(String absolute) {
    return path.resolve(absolute.startsWith("/") ? absolute.substring(1) : absolute);
  }

  /// The whole text of a small file; empty when it is missing or unreadable.
  public Optional<String> text(String absolute) {
    return text(at(absolute));
  }

  /// Bytes of a page of memory: `AT_PAGESZ` in `/proc/self/auxv`, pairs of 64-bit words
  /// (getauxval(3)); 4096 when that cannot be read.
  long pageSize() {
    try {
      ByteBuffer words =
          ByteBuffer.wrap(Files.readAllBytes(at("/proc/self/auxv"))).order(ByteOrder.nativeOrder());
      while (words.remaining() >= 16) {
        long type = words.getLong();
        long value = words.getLong();
        if (type == AT_PAGESZ) {
          return value;
        }
      }
    } catch (IOException unreadable) {
      return USUAL_PAGE;
    }
    return USUAL_PAGE;
  }

  public static Optional<String> text(Path file) {
    try (var in = new FileInputStream(file.toFile())) {
      return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException | SecurityException missing) {
      return Optional.empty();
    }
  }
}
