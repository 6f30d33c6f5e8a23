package dev.plimsoll.cli.doctor;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.schema.StageKeys;
import dev.plimsoll.engine.pytest.ChosenPython;
import dev.plimsoll.engine.pytest.PythonProbe;
import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// What `doctor` says about the tools that run tests.
final class ToolCheck {
  private ToolCheck() {}

  /// Start the project's Python to see what it has.
  static List<Finding> python(Supplier<ChosenPython> find, Path folder) {
    try {
      ChosenPython python = find.get();
      PythonProbe.Facts facts = PythonProbe.check(python, folder);
      List<Finding> findings = new ArrayList<>();
      findings.add(
          Finding.good(
              "tools",
              "Python "
                  + facts.version()
                  + " ("
                  + python.reason()
                  + "), pytest "
                  + facts.pytest()));
      findings.add(
          facts.xdist().isEmpty()
              ? Finding.note(
                  "tools",
                  "pytest-xdist is not installed",
                  "needed only for `--engine xdist`: `"
                      + python.executable()
                      + " -m pip install pytest-xdist`")
              : Finding.good("tools", "pytest-xdist " + facts.xdist()));
      return findings;
    } catch (UserError unusable) {
      String why = unusable.why().lines().findFirst().map(line -> ": " + line).orElse("");
      return List.of(Finding.warning("tools", unusable.what() + why, unusable.hint()));
    }
  }

  /// Look for Node and the project's Playwright; says nothing in a project without it.
  static List<Finding> playwright(Config config, Map<String, String> environment) {
    Stream<String> folders =
        config.entries(StageKeys.SECTION).stream()
            .filter(stage -> stage.get(StageKeys.PLAYWRIGHT).isPresent())
            .map(stage -> stage.get(StageKeys.FOLDER));
    return Stream.concat(Stream.of(""), folders)
        .map(folder -> config.root().resolve(folder).normalize())
        .distinct()
        .flatMap(folder -> playwright(folder, environment).stream())
        .distinct()
        .toList();
  }

  private static List<Finding> playwright(Path root, Map<String, String> environment) {
    Optional<String> version =
        Stream.iterate(root, Objects::nonNull, Path::getParent)
            .flatMap(at -> text(at.resolve("node_modules/@playwright/test/package.json")).stream())
            .findFirst()
            .flatMap(ToolCheck::versionOf);
    if (version.isPresent()) {
      return List.of(
          Finding.good("tools", "Playwright " + version.get()),
          onPath("node", environment)
              .map(node -> Finding.good("tools", "Node at " + node))
              .orElse(
                  Finding.warning(
                      "tools", "Playwright is installed, but Node is not", "install Node 18+")));
    }
    boolean wanted =
        List.of("ts", "js", "mjs", "cjs").stream()
            .anyMatch(ending -> Files.exists(root.resolve("playwright.config." + ending)));
    return wanted
        ? List.of(
            Finding.warning(
                "tools",
                "the project has a Playwright configuration, but Playwright is not installed",
                "`npm install` in " + root))
        : List.of();
  }

  private static Optional<String> versionOf(String json) {
    try {
      return Optional.ofNullable(JSON.std.mapFrom(json).get("version")).map(String::valueOf);
    } catch (IOException malformed) {
      return Optional.empty();
    }
  }

  private static Optional<String> text(Path file) {
    try {
      return Optional.of(Files.readString(file));
    } catch (IOException missing) {
      return Optional.empty();
    }
  }

  private static Optional<Path> onPath(String name, Map<String, String> environment) {
    return List.of(environment.getOrDefault("PATH", "/usr/bin").split(":", -1)).stream()
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
