package dev.plimsoll.history;

import dev.plimsoll.files.CachedVersions;
import dev.plimsoll.files.UserFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Stream;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.OSInfo;

/// SQLite's native part, unpacked once per version into the user's cache.
///
/// Left to itself the driver unpacks a megabyte into the temporary folder at each start, with the
/// modes that the umask leaves. Where no folder of this user's own can be made, that is what
/// happens.
final class NativeLibrary {
  private static final String PATH = "org.sqlite.lib.path";
  private static final String NAME = "org.sqlite.lib.name";

  private NativeLibrary() {}

  /// Point the driver to the unpacked library; call before its first use.
  static void prepare(Map<String, String> environment) {
    if (System.getProperty(PATH) != null) {
      return;
    }
    String system = system();
    String name = System.mapLibraryName("sqlitejdbc");
    URL packed = SQLiteJDBCLoader.class.getResource("/org/sqlite/native/" + system + "/" + name);
    if (packed == null) {
      return;
    }
    try {
      Path version =
          new CachedVersions(UserFolder.cache(environment), "sqlite", InstantSource.system())
              .use(
                  SQLiteJDBCLoader.getVersion(),
                  folder -> unpack(packed, Files.createDirectories(folder.resolve(system)), name));
      System.setProperty(PATH, version.resolve(system).toString());
      System.setProperty(NAME, name);
    } catch (IOException e) {
      System.clearProperty(PATH);
    }
  }

  /// The folder of this system's library in the driver. (The driver itself finds out whether it
  /// runs on Android or with musl by starting `uname` and reading the link of each mapping.)
  private static String system() {
    String libc;
    try (Stream<String> mappings = Files.lines(Path.of("/proc/self/maps"))) {
      libc = mappings.anyMatch(line -> line.contains("/ld-musl-")) ? "-Musl" : "";
    } catch (IOException | UncheckedIOException notTold) {
      libc = "";
    }
    return "Linux" + libc + "/" + OSInfo.getArchName();
  }

  private static void unpack(URL packed, Path folder, String name) throws IOException {
    Path library = folder.resolve(name);
    var connection = packed.openConnection();
    connection.setUseCaches(false);
    long size = connection.getContentLengthLong();
    try (InputStream content = connection.getInputStream()) {
      if (Files.isRegularFile(library) && Files.size(library) == size) {
        return;
      }
      Path part = Files.createTempFile(folder, "unpacking", ".part");
      try {
        Files.copy(content, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, library, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(part);
      }
    }
  }
}
