package dev.plimsoll.engine.pytest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginFolderTest {
  @TempDir private Path home;

  private Map<String, String> environment() {
    return Map.of("HOME", home.toString(), "TMPDIR", home.resolve("tmp").toString());
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .map(path -> folder.relativize(path).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void unpacksIntoTheCacheOnce() throws IOException {
    Path folder = new PluginFolder(environment()).unpack();
    assertThat(folder).hasParent(home.resolve(".cache/plimsoll"));
    assertThat(folder.resolve("plimsoll_pytest/__init__.py")).isRegularFile();
    var before = Files.getLastModifiedTime(folder.resolve("plimsoll_pytest/__init__.py"));
    assertThat(new PluginFolder(environment()).unpack()).isEqualTo(folder);
    assertThat(Files.getLastModifiedTime(folder.resolve("plimsoll_pytest/__init__.py")))
        .isEqualTo(before);
    assertThat(files(folder)).allMatch(name -> name.endsWith(".py"));
  }

  @Test
  void anotherCache() {
    Path cache = home.resolve("cache");
    var environment = Map.of("HOME", home.toString(), "XDG_CACHE_HOME", cache.toString());
    assertThat(new PluginFolder(environment).unpack()).startsWith(cache);
    var relative = Map.of("HOME", home.toString(), "XDG_CACHE_HOME", "cache");
    assertThat(new PluginFolder(relative).unpack()).startsWith(home.resolve(".cache"));
  }

  @Test
  void aDamagedFolderIsMended() throws IOException {
    Path folder = new PluginFolder(environment()).unpack();
    List<String> whole = files(folder);
    Files.delete(folder.resolve("plimsoll_pytest/files.py"));
    Files.writeString(folder.resolve("plimsoll_pytest/__init__.py"), "");
    new PluginFolder(environment()).unpack();
    assertThat(files(folder)).isEqualTo(whole);
    assertThat(folder.resolve("plimsoll_pytest/__init__.py")).isNotEmptyFile();
  }

  @Test
  void aHomeThatCannotBeWritten() throws IOException {
    Path file = Files.writeString(home.resolve("file"), "");
    Path tmp = Files.createDirectories(home.resolve("tmp"));
    var environment = Map.of("HOME", file.toString(), "TMPDIR", tmp.toString());
    Path folder = new PluginFolder(environment).unpack();
    assertThat(folder).startsWith(tmp);
    assertThat(folder.resolve("plimsoll_pytest/__init__.py")).isRegularFile();
    assertThat(new PluginFolder(environment).unpack()).as("used again").isEqualTo(folder);
  }

  @Test
  void aTemporaryFolderOfSomeoneElseIsNotTrusted() throws IOException {
    Path tmp = Files.createDirectories(home.resolve("tmp"));
    Path trap = Files.createDirectories(home.resolve("trap"));
    Path own = tmp.resolve("plimsoll-" + Files.getAttribute(home, "unix:uid"));
    Files.createSymbolicLink(own, trap);
    var environment = Map.of("HOME", "/dev/null", "TMPDIR", tmp.toString());
    Path folder = new PluginFolder(environment).unpack();
    assertThat(folder)
        .startsWith(tmp)
        .satisfies(path -> assertThat(path.startsWith(own)).isFalse());
    assertThat(trap).isEmptyDirectory();
  }

  @Test
  void manyAtOnce() throws IOException, InterruptedException, ExecutionException {
    var folders = new HashSet<Path>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = new ArrayList<Callable<Path>>();
      for (int i = 0; i < 16; i++) {
        calls.add(() -> new PluginFolder(environment()).unpack());
      }
      for (Future<Path> future : threads.invokeAll(calls)) {
        folders.add(future.get());
      }
    }
    assertThat(folders).hasSize(1);
    assertThat(files(folders.iterator().next())).allMatch(name -> name.endsWith(".py"));
  }
}
