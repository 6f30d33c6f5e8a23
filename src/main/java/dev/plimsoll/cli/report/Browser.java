package dev.plimsoll.cli.report;

import dev.plimsoll.process.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The program that shows a page: `BROWSER`, else the one of WSL or of the desktop.
final class Browser {
  private static final List<String> PROGRAMS = List.of("wslview", "xdg-open", "open");

  private static final Path HERE = Path.of("");

  private Browser() {}

  /// Have it show a page.
  ///
  /// @return whether a program was started for it
  static boolean show(Path page, Map<String, String> environment) {
    Optional<String> program = program(environment);
    if (program.isEmpty()) {
      return false;
    }
    try {
      new ProcessBuilder(program.get(), page.toString())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
      return true;
    } catch (IOException unusable) {
      return false;
    }
  }

  private static Optional<String> program(Map<String, String> environment) {
    String chosen = environment.getOrDefault("BROWSER", "");
    return chosen.isEmpty()
        ? PROGRAMS.stream()
            .filter(name -> Programs.find(name, HERE, environment).isPresent())
            .findFirst()
        : Optional.of(chosen);
  }
}
