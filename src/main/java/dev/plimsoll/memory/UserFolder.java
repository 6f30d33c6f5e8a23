package dev.plimsoll.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Folders of this user alone: one that lasts until the machine restarts, one that is kept.
public final class UserFolder {
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");

  private UserFolder() {}

  /// Where the runs of this user on this machine meet: `$XDG_RUNTIME_DIR/plimsoll`, else
  /// `plimsoll-USER` in the folder for temporary files.
  ///
  /// @throws IOException when no such folder can be made that nobody else can write to
  public static Path runtime(Map<String, String> environment) throws IOException {
    String given = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    if (!given.isEmpty() && Files.isWritable(Path.of(given))) {
      return own(Path.of(given, "plimsoll"));
    }
    Path temporary = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    return own(temporary.resolve("plimsoll-" + System.getProperty("user.name", "user")));
  }

  /// What may be forgotten but is worth keeping: `$XDG_CACHE_HOME/plimsoll`, else
  /// `~/.cache/plimsoll`.
  public static Path cache(Map<String, String> environment) throws IOException {
    String given = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path base =
        given.isEmpty()
            ? Path.of(System.getProperty("user.home", "/tmp"), ".cache")
            : Path.of(given);
    Files.createDirectories(base);
    return own(base.resolve("plimsoll"));
  }

  /// Make the folder for this user alone, or make sure that it is: not a link, ours, closed to
  /// others. In a folder that everybody may write to, another user could have made it first.
  private static Path own(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PRIVATE));
      return folder;
    }
    var found = Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!found.isDirectory() || !found.owner().equals(selfOwner())) {
      throw new IOException(folder + " is not a directory of this user");
    }
    if (!List.copyOf(PRIVATE).containsAll(found.permissions())) {
      Files.setPosixFilePermissions(folder, PRIVATE);
    }
    return folder;
  }

  private static Object selfOwner() throws IOException {
    return Files.getOwner(Path.of("/proc/self"));
  }
}
