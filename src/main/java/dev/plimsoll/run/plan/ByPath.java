package dev.plimsoll.run.plan;

import dev.plimsoll.inventory.Glob;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A value that holds for all files of a group but those that fit a glob with one of its own.
///
/// @param general the value where no glob fits
/// @param globs values by glob, in the order of the file: the last that fits decides, as in lists
///   of paths
public record ByPath<T>(Optional<T> general, List<Map.Entry<Glob, T>> globs) {
  public ByPath {
    globs = List.copyOf(globs);
  }

  public ByPath(Optional<T> general, Map<String, T> byGlob) {
    this(
        general,
        byGlob.entrySet().stream()
            .map(entry -> Map.entry(new Glob(entry.getKey()), entry.getValue()))
            .toList());
  }

  /// The value for a file.
  ///
  /// @param path relative to the project, with `/`
  public Optional<T> of(String path) {
    return globs.reversed().stream()
        .filter(entry -> entry.getKey().fits(path))
        .map(Map.Entry::getValue)
        .findFirst()
        .or(() -> general);
  }
}
