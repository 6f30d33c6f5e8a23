package dev.plimsoll.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Finds the directory that pytest uses as the project's root: the nearest parent with a
/// configuration file (https://docs.pytest.org/en/stable/reference/customize.html).
final class PytestSettings {
  /// Files that count in any case, and files that count only with a table of pytest.
  private static final List<PytestSettings> FILES =
      List.of(
          new PytestSettings("pytest.toml", ""),
          new PytestSettings(".pytest.toml", ""),
          new PytestSettings("pytest.ini", ""),
          new PytestSettings(".pytest.ini", ""),
          new PytestSettings("pyproject.toml", "tool\\.pytest(\\..*)?"),
          new PytestSettings("tox.ini", "pytest"),
          new PytestSettings("setup.cfg", "tool:pytest"));

  private final String name;
  private final Pattern table;

  private PytestSettings(String name, String table) {
    this.name = name;
    this.table = Pattern.compile(table.isEmpty() ? "" : "^\\[" + table + "]", Pattern.MULTILINE);
  }

  static Optional<Path> folder(Path from) {
    return Stream.iterate(from, folder -> folder != null, Path::getParent)
        .filter(folder -> FILES.stream().anyMatch(file -> file.isIn(folder)))
        .findFirst();
  }

  private boolean isIn(Path folder) {
    Path file = folder.resolve(name);
    try {
      return Files.isRegularFile(file)
          && table.matcher(Files.readString(file, StandardCharsets.ISO_8859_1)).find();
    } catch (IOException e) {
      return false; // pytest itself reports the error
    }
  }
}
