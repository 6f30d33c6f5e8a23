package dev.plimsoll.run.chain;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.process.GitIgnored;
import dev.plimsoll.stages.ChainText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Finds what a chain can be made of in a project with a `playwright.config.*`, also in a
/// subfolder.
public final class PlaywrightProject {
  private static final Pattern CONFIG = Pattern.compile("playwright\\.config\\.[cm]?[jt]s");

  /// Playwright's own default of `testMatch`.
  private static final Pattern SPEC = Pattern.compile(".*[.](test|spec)\\.[cm]?[jt]sx?");

  /// pytest's own default of `python_files`.
  private static final Pattern PYTEST = Pattern.compile("test_.*\\.py|.*_test\\.py");

  private static final Set<String> SKIPPED = Set.of("node_modules", "test-results", "target");

  private PlaywrightProject() {}

  /// The suites that are there, one for each configuration of Playwright. That of the folder itself
  /// comes first, then those with test scripts, then those in the fewest folders. Files that git
  /// ignores are no suites.
  public static List<ChainText.Found> find(Path root) {
    List<String> configs = files(root, CONFIG);
    Set<String> ignored = GitIgnored.of(root, configs);
    return configs.stream()
        .filter(config -> !config.contains("/") || isOwn(root, config, ignored))
        .map(config -> suite(root, config))
        .sorted(
            Comparator.comparingInt((ChainText.Found suite) -> suite.config().contains("/") ? 1 : 0)
                .thenComparing(suite -> !ChainText.hasTests(suite.scripts()))
                .thenComparingInt(suite -> suite.config().split("/", -1).length)
                .thenComparing(ChainText.Found::config))
        .toList();
  }

  /// Neither ignored nor of a project of its own.
  private static boolean isOwn(Path root, String config, Set<String> ignored) {
    return !ignored.contains(config)
        && !Files.exists(root.resolve(config).resolveSibling("plimsoll.toml"));
  }

  /// Whether a folder holds test files of pytest, as they are usually named.
  public static boolean hasPytest(Path root) {
    return !files(root, PYTEST).isEmpty();
  }

  /// The chain runs where `package.json` has its test scripts, or else beside the configuration.
  private static ChainText.Found suite(Path root, String config) {
    Path beside = root.resolve(config).resolveSibling("");
    Path folder = beside;
    for (Path at = beside; at != null && at.startsWith(root); at = at.getParent()) {
      if (ChainText.hasTests(scripts(at))) {
        folder = at;
        break;
      }
    }
    return new ChainText.Found(
        root.relativize(folder).toString(),
        config,
        scripts(folder),
        ownServer(root.resolve(config)),
        files(folder, SPEC));
  }

  private static boolean ownServer(Path config) {
    try {
      String text = Files.readString(config);
      return text.contains("webServer") && !text.contains("PLAYWRIGHT_REUSE_SERVER");
    } catch (IOException unreadable) {
      return false;
    }
  }

  private static Map<String, String> scripts(Path folder) {
    Map<String, String> found = new LinkedHashMap<>();
    try {
      var fields = JSON.std.mapFrom(Files.readString(folder.resolve("package.json")));
      if (fields.get("scripts") instanceof Map<?, ?> scripts) {
        scripts.forEach((name, text) -> found.put(String.valueOf(name), String.valueOf(text)));
      }
    } catch (IOException missing) {
      return found;
    }
    return found;
  }

  private static List<String> files(Path root, Pattern name) {
    List<String> files = new ArrayList<>();
    try {
      Files.walkFileTree(root, new Finder(root, name, files));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  /// Collects files by their name; stays out of folders that hold other people's.
  private static final class Finder extends SimpleFileVisitor<Path> {
    private final Path root;
    private final Pattern wanted;
    private final List<String> found;

    Finder(Path root, Pattern wanted, List<String> found) {
      this.root = root;
      this.wanted = wanted;
      this.found = found;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      String name = folder.getFileName().toString();
      boolean foreign =
          SKIPPED.contains(name)
              || name.startsWith(".")
              || Files.exists(folder.resolve("pyvenv.cfg"));
      return foreign && !folder.equals(root)
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (wanted.matcher(file.getFileName().toString()).matches()) {
        found.add(root.relativize(file).toString());
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
      return FileVisitResult.CONTINUE;
    }
  }
}
