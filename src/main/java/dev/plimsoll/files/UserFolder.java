package dev.plimsoll.files;

import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Folders of this user alone: one that lasts until the machine restarts, one that is kept.
public final class UserFolder {
  private static final String NAME = "plimsoll";

  private UserFolder() {}

  /// Where the runs of this user on this machine meet: `$XDG_RUNTIME_DIR/plimsoll`, else
  /// `plimsoll-UID` in the folder for temporary files (in a container the user may have no name);
  /// where another user has taken that name, the cache.
  ///
  /// @throws UserError when others have taken the names of all of them
  /// @throws IOException when none can be made
  public static Path runtime(Map<String, String> environment) throws IOException {
    String given = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    if (!given.isEmpty() && Files.isWritable(Path.of(given))) {
      return PrivateFolder.own(Path.of(given, NAME));
    }
    Path temporary = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    try {
      return PrivateFolder.own(temporary.resolve(NAME + "-" + uid()));
    } catch (NotOwnException taken) {
      return kept(environment).orElseThrow(() -> none(taken));
    }
  }

  private static UserError none(NotOwnException taken) {
    return new UserError(
        "no directory for the locks that the runs of this user share",
        FileTrouble.why(taken),
        "remove it, or set XDG_RUNTIME_DIR to a directory that only you can write to",
        ExitCode.INTERNAL_ERROR);
  }

  /// What may be forgotten but is worth keeping: `$XDG_CACHE_HOME/plimsoll`, else
  /// `~/.cache/plimsoll`. Where neither can be had, `plimsoll-UID` in `$TMPDIR`; and where another
  /// user has taken that name, a folder with a new one.
  public static Path cache(Map<String, String> environment) throws IOException {
    Optional<Path> kept = kept(environment);
    return kept.isPresent()
        ? kept.get()
        : temporary(Path.of(environment.getOrDefault("TMPDIR", "/tmp")));
  }

  private static Optional<Path> kept(Map<String, String> environment) {
    for (Path base : bases(environment)) {
      try {
        Files.createDirectories(base);
        Path folder = PrivateFolder.own(base.resolve(NAME));
        if (Files.isWritable(folder)) {
          return Optional.of(folder);
        }
      } catch (IOException unusable) {
        // A home that does not exist, a read-only one, or a folder of somebody else: the next one.
      }
    }
    return Optional.empty();
  }

  private static Path temporary(Path base) throws IOException {
    try {
      return PrivateFolder.own(base.resolve(NAME + "-" + uid()));
    } catch (NotOwnException taken) {
      return Files.createTempDirectory(base, NAME + "-");
    }
  }

  /// Relative paths are to be ignored (XDG Base Directory Specification). A user without an entry
  /// in `/etc/passwd` has the home `?` for Java.
  private static List<Path> bases(Map<String, String> environment) {
    Path cache = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
    Path home = Path.of(environment.getOrDefault("HOME", System.getProperty("user.home", "")));
    return Stream.of(cache, home.resolve(".cache")).filter(Path::isAbsolute).toList();
  }

  private static Object uid() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }
}
