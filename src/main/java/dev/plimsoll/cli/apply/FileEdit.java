package dev.plimsoll.cli.apply;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A file of the project with the text that it shall have.
///
/// @param name how messages call it
/// @param before its text when the edit was planned, empty when there was no such file
/// @param script whether a new file may be executed
record FileEdit(Path file, String name, Optional<String> before, String after, boolean script) {
  boolean isChange() {
    return !before.equals(Optional.of(after));
  }

  /// A unified diff; a line break of Windows shows as it is.
  String diff() {
    List<String> old = lines(before.orElse(""));
    List<String> changed = lines(after);
    var patch = DiffUtils.diff(old, changed);
    String from = before.isPresent() ? name : "/dev/null";
    var diff = UnifiedDiffUtils.generateUnifiedDiff(from, name, old, patch, 3);
    return String.join("\n", diff) + "\n";
  }

  private static List<String> lines(String text) {
    List<String> lines = List.of(text.split("\n", -1));
    return lines.getLast().isEmpty() ? lines.subList(0, lines.size() - 1) : lines;
  }
}
