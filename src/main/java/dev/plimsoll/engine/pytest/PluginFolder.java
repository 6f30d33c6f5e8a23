package dev.plimsoll.engine.pytest;

import dev.plimsoll.files.CachedVersions;
import dev.plimsoll.files.UserFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/// Unpacks the pytest plugin, which travels inside the program, to a folder that can stand on
/// `PYTHONPATH`.
///
/// The folder is `plimsoll/plugin-HASH` in the user's cache, where HASH belongs to the content, so
/// that versions never mix. Each file is written aside and renamed, and one that is there already
/// in its full size is left alone: two runs at once do each other no harm, and a damaged folder is
/// mended. A new version replaces those that no run used for a while. Nobody else can write there:
/// Python executes it.
public final class PluginFolder {
  private static final String RESOURCE = "python/";
  private static final String PROBE = "/python/plimsoll_pytest/__init__.py";

  private final Map<String, String> environment;

  /// Unpack for a user with these environment variables.
  public PluginFolder(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /// What is known of a file without reading it.
  private record Content(long crc, long size) {}

  /// Unpack the plugin if need be.
  ///
  /// @return the folder for `PYTHONPATH`
  public Path unpack() {
    SortedMap<String, Content> files = bundled();
    try {
      return new CachedVersions(UserFolder.cache(environment), "plugin", InstantSource.system())
          .use(hash(files), folder -> write(files, folder));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack the pytest plugin", e);
    }
  }

  private static void write(SortedMap<String, Content> files, Path folder) throws IOException {
    for (Map.Entry<String, Content> file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      if (!Files.isRegularFile(path) || Files.size(path) != file.getValue().size()) {
        Files.createDirectories(path.resolveSibling(""));
        Path aside = Files.createTempFile(path.resolveSibling(""), ".", ".new");
        Files.write(aside, read(file.getKey()));
        Files.setPosixFilePermissions(aside, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  /// The content of a file of the plugin.
  private static byte[] read(String name) throws IOException {
    try (InputStream content = PluginFolder.class.getResourceAsStream("/" + RESOURCE + name)) {
      if (content == null) {
        throw new IOException("missing file `" + name + "` of its pytest plugin");
      }
      return content.readAllBytes();
    }
  }

  /// FNV-1a, 64 bits, of names and checksums: a name for the content, no protection. The checksums
  /// stand in the program's list of files, so none is unpacked for it.
  private static String hash(SortedMap<String, Content> files) {
    long hash = 0xcbf29ce484222325L;
    for (Map.Entry<String, Content> file : files.entrySet()) {
      Content content = file.getValue();
      String line = file.getKey() + " " + content.crc() + " " + content.size() + "\n";
      for (byte b : line.getBytes(StandardCharsets.UTF_8)) {
        hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
      }
    }
    return String.format("%016x", hash);
  }

  /// The plugin's files by their path below `PYTHONPATH`.
  private static SortedMap<String, Content> bundled() {
    URL url = PluginFolder.class.getResource(PROBE);
    if (url == null) {
      throw new IllegalStateException("the pytest plugin is missing from the program");
    }
    try {
      return url.openConnection() instanceof JarURLConnection jar
          ? inJar(jar)
          : inFolder(Path.of(url.toURI()).resolve("../..").normalize());
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("the program's pytest plugin cannot be read", e);
    }
  }

  private static SortedMap<String, Content> inJar(JarURLConnection connection) throws IOException {
    var files = new TreeMap<String, Content>();
    connection.setUseCaches(false);
    try (JarFile jar = connection.getJarFile()) {
      for (var entries = jar.entries(); entries.hasMoreElements(); ) {
        JarEntry entry = entries.nextElement();
        String name = entry.getName();
        if (name.startsWith(RESOURCE) && name.endsWith(".py")) {
          files.put(
              name.substring(RESOURCE.length()), new Content(entry.getCrc(), entry.getSize()));
        }
      }
    }
    return files;
  }

  private static SortedMap<String, Content> inFolder(Path folder) throws IOException {
    var files = new TreeMap<String, Content>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.filter(path -> path.toString().endsWith(".py")).toList()) {
        byte[] content = Files.readAllBytes(path);
        var crc = new CRC32();
        crc.update(content);
        files.put(folder.relativize(path).toString(), new Content(crc.getValue(), content.length));
      }
    }
    return files;
  }
}
