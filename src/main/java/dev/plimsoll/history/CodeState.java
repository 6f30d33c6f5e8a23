package dev.plimsoll.history;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.zip.CRC32C;

/// Tell whether two runs ran the same code: a sum over the paths and contents of a project's source
/// files.
///
/// Configuration, data and documents are left out: what `apply` writes makes no other code, and
/// files that tests write don't either. So are hidden folders, virtual environments and packages of
/// npm. The sums of the files are added up, so their order plays no part. It notices changes; it
/// proves nothing against somebody who wants two states to look alike.
public final class CodeState {
  private static final Set<String> SOURCES =
      Set.of(
          "py", "pyi", "pyx", "pxd", "js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts", "vue",
          "svelte", "html", "css", "sql", "c", "cc", "cpp", "h", "hpp", "rs", "go", "java");
  private static final Set<String> FOREIGN = Set.of("node_modules", "__pycache__", "site-packages");
  private static final int MOST_FILES = 20_000;
  private static final long LARGEST = 4 << 20;

  private CodeState() {}

  /// The state of a project's code; empty when it cannot be known: too many files, or one that
  /// cannot be read.
  public static String of(Path root) {
    var sum = new Sum(root);
    try {
      Files.walkFileTree(root, sum);
    } catch (IOException e) {
      return "";
    }
    return sum.files > MOST_FILES ? "" : sum.files + "-" + Long.toHexString(sum.total);
  }

  private static final class Sum extends SimpleFileVisitor<Path> {
    private final Path root;
    private long total;
    private int files;

    Sum(Path root) {
      this.root = root;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      String name = String.valueOf(folder.getFileName());
      boolean foreign =
          name.startsWith(".")
              || FOREIGN.contains(name)
              || Files.exists(folder.resolve("pyvenv.cfg"));
      return foreign && !folder.equals(root)
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      String name = file.getFileName().toString();
      boolean source = SOURCES.contains(name.substring(name.lastIndexOf('.') + 1));
      if (source && attributes.isRegularFile() && attributes.size() <= LARGEST) {
        total += sum(root.relativize(file).toString(), Files.readAllBytes(file));
        files++;
      }
      return files > MOST_FILES ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
    }

    /// Of path and content: two sums of 32 bits, spread over 64.
    private static long sum(String path, byte[] content) {
      var crc = new CRC32C();
      crc.update(content);
      long mixed = (crc.getValue() << 32) ^ (path.hashCode() * 0x9E3779B97F4A7C15L);
      return ((mixed ^ (mixed >>> 29)) * 0xBF58476D1CE4E5B9L) + content.length;
    }
  }
}
