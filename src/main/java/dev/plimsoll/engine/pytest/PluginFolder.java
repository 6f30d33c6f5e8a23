package dev.plimsoll.engine.pytest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/// Unpacks the pytest plugin, which travels inside the program, to a folder that can stand on
/// `PYTHONPATH`.
///
/// The folder is `plimsoll/plugin-HASH` in the user's cache, where HASH belongs to the content, so
/// that versions never mix. Each file is written aside and renamed, and one that is there already
/// in its full size is left alone: two runs at once do each other no harm, and a damaged folder is
/// mended. Where the cache cannot be written, a folder for temporary files is used.
public final class PluginFolder {
  private static final String RESOURCE = "python/";
  private static final String PROBE = "/python/plimsoll_pytest/__init__.py";

  private final Map<String, String> environment;

  /// Unpack for a user with these environment variables.
  public PluginFolder(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /// Unpack the plugin if need be.
  ///
  /// @return the folder for `PYTHONPATH`
  public Path unpack() {
    SortedMap<String, byte[]> files = bundled();
    String name = "plugin-" + hash(files);
    for (Path cache : caches()) {
      try {
        return write(files, cache.resolve("plimsoll").resolve(name));
      } catch (IOException e) {
        // The next place may be writable; the last one reports why it is not.
      }
    }
    return temporary(files, name);
  }

  private List<Path> caches() {
    var caches = new ArrayList<Path>();
    String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
    String home = environment.getOrDefault("HOME", "");
    // Relative paths are to be ignored (XDG Base Directory Specification).
    if (cache.startsWith("/")) {
      caches.add(Path.of(cache));
    }
    if (home.startsWith("/")) {
      caches.add(Path.of(home, ".cache"));
    }
    return caches;
  }

  /// In a folder that only this user can have made: others may write to `/tmp` as well.
  private Path temporary(SortedMap<String, byte[]> files, String name) {
    Path base = Path.of(environment.getOrDefault("TMPDIR", "/tmp"));
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    try {
      Path own = base.resolve("plimsoll-" + System.getProperty("user.name"));
      if (!Files.exists(own, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectory(own, ownerOnly);
      }
      Path folder = isOurs(own) ? own : Files.createTempDirectory(base, "plimsoll-", ownerOnly);
      return write(files, folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException("no place for the pytest plugin", e);
    }
  }

  private static boolean isOurs(Path folder) throws IOException {
    return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
        && Files.getOwner(folder).getName().equals(System.getProperty("user.name"))
        && PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)).equals("rwx------");
  }

  private static Path write(SortedMap<String, byte[]> files, Path folder) throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      if (!Files.isRegularFile(path) || Files.size(path) != file.getValue().length) {
        Files.createDirectories(path.resolveSibling(""));
        Path aside = Files.createTempFile(path.resolveSibling(""), ".", ".new");
        Files.write(aside, file.getValue());
        Files.setPosixFilePermissions(aside, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE);
      }
    }
    return folder;
  }

  /// FNV-1a, 64 bits: a name for the content, no protection, and no start of a security provider.
  static String hash(SortedMap<String, byte[]> files) {
    long hash = 0xcbf29ce484222325L;
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      hash = hash(hash, (file.getKey() + "\0").getBytes(StandardCharsets.UTF_8));
      hash = hash(hash, file.getValue());
    }
    return String.format("%016x", hash);
  }

  private static long hash(long hash, byte[] bytes) {
    long next = hash;
    for (byte b : bytes) {
      next = (next ^ (b & 0xff)) * 0x100000001b3L;
    }
    return next;
  }

  /// The plugin's files by their path below `PYTHONPATH`.
  private static SortedMap<String, byte[]> bundled() {
    URL url = PluginFolder.class.getResource(PROBE);
    if (url == null) {
      throw new IllegalStateException("the program does not hold its pytest plugin");
    }
    try {
      return url.openConnection() instanceof JarURLConnection jar
          ? inJar(jar)
          : inFolder(Path.of(url.toURI()).resolve("../..").normalize());
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("the program's pytest plugin cannot be read", e);
    }
  }

  private static SortedMap<String, byte[]> inJar(JarURLConnection connection) throws IOException {
    var files = new TreeMap<String, byte[]>();
    connection.setUseCaches(false);
    try (JarFile jar = connection.getJarFile()) {
      for (JarEntry entry : jar.stream().toList()) {
        if (entry.getName().startsWith(RESOURCE) && entry.getName().endsWith(".py")) {
          try (InputStream content = jar.getInputStream(entry)) {
            files.put(entry.getName().substring(RESOURCE.length()), content.readAllBytes());
          }
        }
      }
    }
    return files;
  }

  private static SortedMap<String, byte[]> inFolder(Path folder) throws IOException {
    var files = new TreeMap<String, byte[]>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.filter(path -> path.toString().endsWith(".py")).toList()) {
        files.put(folder.relativize(path).toString(), Files.readAllBytes(path));
      }
    }
    return files;
  }
}
