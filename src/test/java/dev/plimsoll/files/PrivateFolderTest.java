package dev.plimsoll.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFolderTest {
  private static final String CLOSED = "rwx------";

  @TempDir private Path root;

  private static String modes(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private Path open(String name) throws IOException {
    Path folder = Files.createDirectory(root.resolve(name));
    return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  @Test
  void aFolderThatWasOpenToOthersIsClosed() throws IOException {
    assertThat(modes(PrivateFolder.own(open("own")))).isEqualTo(CLOSED);
    assertThat(modes(PrivateFolder.closed(open("closed")))).isEqualTo(CLOSED);
    assertThat(modes(PrivateFolder.own(root.resolve("new")))).isEqualTo(CLOSED);
  }

  @Test
  void aLinkIsNotFollowedWhereOthersMayHaveMadeIt() throws IOException {
    Path trap = Files.createDirectory(root.resolve("trap"));
    Path link = Files.createSymbolicLink(root.resolve("link"), trap);
    assertThatThrownBy(() -> PrivateFolder.own(link)).isInstanceOf(NotOwnException.class);
    assertThatThrownBy(() -> PrivateFolder.own(Files.writeString(root.resolve("file"), "")))
        .isInstanceOf(NotOwnException.class);
    assertThat(trap).isEmptyDirectory();
  }

  @Test
  void aLinkOfTheUsersOwnMayLeadTheProjectsFolderElsewhere() throws IOException {
    Path elsewhere = open("elsewhere");
    Path link = Files.createSymbolicLink(root.resolve("link"), elsewhere);
    assertThat(PrivateFolder.closed(link)).isEqualTo(link);
    assertThat(modes(elsewhere)).isEqualTo(CLOSED);
  }

  @Test
  void manyAtOnceMakeOne() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = new ArrayList<Callable<Path>>();
      for (int i = 0; i < 64; i++) {
        Path folder = root.resolve("at-once-" + i / 8);
        calls.add(() -> PrivateFolder.own(folder));
      }
      for (var made : threads.invokeAll(calls)) {
        assertThat(modes(made.get())).isEqualTo(CLOSED);
      }
    }
  }

  @Test
  void aUserWithoutAHomeHasACacheThatIsNotInTheProject() throws IOException {
    var environment = Map.of("HOME", "?", "XDG_CACHE_HOME", "cache", "TMPDIR", root.toString());
    Path cache = UserFolder.cache(environment);
    assertThat(cache).hasParent(root);
    assertThat(UserFolder.cache(environment)).isEqualTo(cache);
  }
}
