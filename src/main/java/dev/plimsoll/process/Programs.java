package dev.plimsoll.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Find programs as a shell does.
public final class Programs {
  private Programs() {}

  /// The file that `name` starts: itself when it has a slash, else the first on `PATH`.
  ///
  /// @param folder where a relative name is looked for
  public static Optional<Path> find(String name, Path folder, Map<String, String> env) {
    if (name.contains("/")) {
      return Optional.of(folder.resolve(name)).filter(Programs::isProgram);
    }
    for (String entry : env.getOrDefault("PATH", "").split(":", -1)) {
      Path file = folder.resolve(entry.isEmpty() ? "." : entry).resolve(name);
      if (isProgram(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  private static boolean isProgram(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }
}
