package dev.plimsoll.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir private Path folder;

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void makesTheFolderAndReplaces() throws IOException {
    Path file = folder.resolve("a/b/list.txt");
    AtomicFile.write(file, "one\n");
    AtomicFile.write(file, "two\n");
    assertThat(file).hasContent("two\n");
    assertThat(folder.resolve("a/b")).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void keepsPermissionsAndLinks() throws IOException {
    Path real = Files.writeString(folder.resolve("real.txt"), "old");
    Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-rw----"));
    Path link = Files.createSymbolicLink(folder.resolve("link.txt"), Path.of("real.txt"));
    AtomicFile.write(link, "new");
    assertThat(link).isSymbolicLink();
    assertThat(Files.readString(real)).isEqualTo("new");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real)))
        .isEqualTo("rw-rw----");
    assertThat(names()).containsExactly("link.txt", "real.txt");
  }

  @Test
  void aLinkToNothingYet() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link.txt"), Path.of("sub/real.txt"));
    AtomicFile.write(link, "new");
    assertThat(folder.resolve("sub/real.txt")).hasContent("new");
  }

  @Test
  void failsWithoutATrace() throws IOException {
    Path loop = Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
    assertThatThrownBy(() -> AtomicFile.write(loop, "x")).isInstanceOf(IOException.class);
    Path taken = folder.resolve("taken");
    Files.createDirectories(taken.resolve("inner"));
    assertThatThrownBy(() -> AtomicFile.write(taken, "x")).isInstanceOf(IOException.class);
    assertThat(names()).containsExactly("loop", "taken");
  }
}
