package dev.plimsoll.inventory;

import java.util.List;

/// What makes a file belong to a group.
///
/// @param paths globs; the last one that fits decides
/// @param words parts of a file's name, in any case
/// @param markers names of pytest markers
public record GroupRules(String group, List<Glob> paths, List<String> words, List<String> markers) {
  public GroupRules {
    paths = List.copyOf(paths);
    words = List.copyOf(words);
    markers = List.copyOf(markers);
  }

  public boolean isEmpty() {
    return paths.isEmpty() && words.isEmpty() && markers.isEmpty();
  }
}
