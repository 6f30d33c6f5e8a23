package dev.plimsoll.run.chain;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.stages.ChainText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Finds what a chain can be made of in a project with a `playwright.config.*`.
public final class PlaywrightProject {
  private static final Pattern CONFIG = Pattern.compile("playwright\\.config\\.[cm]?[jt]s");

  /// Playwright's own default of `testMatch`.
  private static final Pattern SPEC = Pattern.compile(".*[.](test|spec)\\.[cm]?[jt]sx?");

  /// pytest's own default of `python_files`.
  private static final Pattern PYTEST = Pattern.compile("test_.*\\.py|.*_test\\.py");

  private static final Set<String> SKIPPED = Set.of("node_modules", "test-results", "target");

  private PlaywrightProject() {}

  /// What is there; empty when the folder has no configuration of Playwright.
  public static Optional<ChainText.Found> find(Path root) {
    return config(root)
        .map(config -> new ChainText.Found(config, scripts(root), files(root, SPEC)));
  }

  /// Whether a folder holds test files of pytest, as they are usually named.
  public static boolean hasPytest(Path root) {
    return !files(root, PYTEST).isEmpty();
  }

  private static Optional<String> config(Path root) {
    try (var files = Files.list(root)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> CONFIG.matcher(name).matches())
          .sorted()
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> scripts(Path root) {
    Set<String> names = new LinkedHashSet<>();
    try {
      var fields = JSON.std.mapFrom(Files.readString(root.resolve("package.json")));
      if (fields.get("scripts") instanceof Map<?, ?> scripts) {
        scripts.keySet().forEach(name -> names.add(String.valueOf(name)));
      }
    } catch (IOException missing) {
      return names;
    }
    return names;
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
      boolean foreign = SKIPPED.contains(name) || name.startsWith(".");
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
