package dev.plimsoll.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// The versions of one thing in the cache, a folder `PREFIX-VERSION` for each. A new one replaces
/// those that nobody used for a while.
///
/// The time of a folder says when a run that uses it began. Runs of other versions may be going on,
/// so a folder that was used within a day stays.
///
/// @param cache the folder of all of them
public record CachedVersions(Path cache, String prefix, InstantSource clock) {
  /// So many stay, however old they are: projects with different versions, used in turns.
  static final int KEPT = 5;

  static final Duration UNUSED = Duration.ofDays(1);

  /// Makes the content of a folder complete.
  @FunctionalInterface
  public interface Content {
    void fill(Path folder) throws IOException;
  }

  /// The folder of a version, complete and marked as used.
  public Path use(String version, Content content) throws IOException {
    Path folder = cache.resolve(prefix + "-" + version);
    boolean isNew = !Files.isDirectory(folder);
    content.fill(folder);
    mark(folder);
    if (isNew) {
      removeUnused();
    }
    return folder;
  }

  private void mark(Path folder) {
    try {
      Files.setLastModifiedTime(folder, FileTime.from(clock.instant()));
    } catch (IOException readOnly) {
      return; // nothing is removed there either
    }
  }

  private void removeUnused() throws IOException {
    FileTime limit = FileTime.from(clock.instant().minus(UNUSED));
    List<Version> versions = versions();
    for (Version version : versions.subList(Math.min(KEPT, versions.size()), versions.size())) {
      if (version.used().compareTo(limit) < 0) {
        remove(version.folder());
      }
    }
  }

  private record Version(Path folder, FileTime used) {}

  /// The last used first.
  private List<Version> versions() throws IOException {
    var versions = new ArrayList<Version>();
    try (Stream<Path> all = Files.list(cache)) {
      for (Path folder :
          all.filter(path -> path.getFileName().toString().startsWith(prefix + "-")).toList()) {
        versions.add(new Version(folder, Files.getLastModifiedTime(folder)));
      }
    }
    versions.sort(Comparator.comparing(Version::used).reversed());
    return versions;
  }

  /// Another run may remove the same.
  private static void remove(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException leftForLater) {
      return;
    }
  }
}
