package dev.plimsoll.memory;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The part of a Windows user's `.wslconfig` that bounds WSL2: keys of its section `[wsl2]`, in
/// lower case.
///
/// The file lies in the Windows user's home folder, which WSL mounts below `/mnt/c` unless
/// `/etc/wsl.conf` says otherwise; where several users have one, the newest counts.
///
/// @param file where it was found
/// @param settings for instance `memory` to `16GB`
public record WslConfig(Path file, Map<String, String> settings) {
  private static final List<String> NOBODY = List.of("Public", "Default", "All Users");

  public WslConfig {
    settings = Map.copyOf(settings);
  }

  public static Optional<WslConfig> find(SystemRoot root) {
    String mounts =
        section(root.text("/etc/wsl.conf").orElse(""), "automount").getOrDefault("root", "/mnt/");
    Path users = root.at((mounts.endsWith("/") ? mounts : mounts + "/") + "c/Users");
    Optional<Path> newest = Optional.empty();
    try (DirectoryStream<Path> homes = Files.newDirectoryStream(users)) {
      for (Path home : homes) {
        Path file = home.resolve(".wslconfig");
        if (!NOBODY.contains(String.valueOf(home.getFileName())) && Files.isReadable(file)) {
          newest = Optional.of(newest.isEmpty() ? file : newer(newest.get(), file));
        }
      }
    } catch (IOException notMounted) {
      return Optional.empty();
    }
    return newest.flatMap(WslConfig::read);
  }

  private static Path newer(Path one, Path other) throws IOException {
    return Files.getLastModifiedTime(one).compareTo(Files.getLastModifiedTime(other)) >= 0
        ? one
        : other;
  }

  private static Optional<WslConfig> read(Path file) {
    return SystemRoot.text(file).map(text -> new WslConfig(file, section(text, "wsl2")));
  }

  /// The keys of one section of an INI file.
  private static Map<String, String> section(String text, String name) {
    Map<String, String> keys = new HashMap<>();
    boolean inside = false;
    for (String raw : text.lines().toList()) {
      String line = raw.strip();
      if (line.startsWith("[")) {
        inside = line.equalsIgnoreCase("[" + name + "]");
      } else if (inside && line.contains("=") && !line.startsWith("#")) {
        int equals = line.indexOf('=');
        keys.put(
            line.substring(0, equals).strip().toLowerCase(Locale.ROOT),
            line.substring(equals + 1).strip());
      }
    }
    return keys;
  }
}
