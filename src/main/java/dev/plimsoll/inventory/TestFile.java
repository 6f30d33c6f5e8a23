package dev.plimsoll.inventory;

import java.util.Set;

/// A test file as pytest would collect it.
///
/// @param path relative to the project, with `/`
/// @param marks names of the pytest markers anywhere in it
public record TestFile(String path, Set<String> marks) {
  public TestFile {
    marks = Set.copyOf(marks);
  }

  /// The last part of the path.
  public String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
