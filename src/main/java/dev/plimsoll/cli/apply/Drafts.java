package dev.plimsoll.cli.apply;

import dev.plimsoll.model.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The texts of the project's files while edits are planned; several may fall on one file. Nothing
/// is written.
final class Drafts {
  private final Path root;
  private final Map<Path, Optional<String>> before = new LinkedHashMap<>();
  private final Map<Path, String> after = new LinkedHashMap<>();
  private final Set<Path> scripts = new TreeSet<>();

  Drafts(Path root) {
    this.root = root;
  }

  /// The name of a file in messages: relative to the project.
  String name(Path file) {
    return (file.startsWith(root) ? root.relativize(file) : file).toString();
  }

  /// The text with the edits so far; empty when there is no file yet.
  Optional<String> text(Path file) {
    if (after.containsKey(file)) {
      return Optional.of(after.get(file));
    }
    return before.computeIfAbsent(file, missing -> ProjectFile.text(missing, name(missing)));
  }

  /// The same; empty also when the file is no text or cannot be read.
  Optional<String> readable(Path file) {
    try {
      return text(file);
    } catch (UserError e) {
      return Optional.empty();
    }
  }

  void put(Path file, String text) {
    text(file);
    after.put(file, text);
  }

  void putScript(Path file, String text) {
    put(file, text);
    scripts.add(file);
  }

  /// What would be written.
  List<FileEdit> edits() {
    var edits = new ArrayList<FileEdit>();
    after.forEach((file, text) ->
        edits.add(
            new FileEdit(
                file,
                name(file),
                before.getOrDefault(file, Optional.empty()),
                text,
                scripts.contains(file))));
    return edits;
  }
}
