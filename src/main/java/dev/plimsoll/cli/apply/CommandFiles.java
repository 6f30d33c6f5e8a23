package dev.plimsoll.cli.apply;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Finds the files of a project that usually hold commands: documents, Makefiles, shell scripts,
/// `package.json`, and those of CI services. Logs of changes tell of the past and are left out.
final class CommandFiles extends SimpleFileVisitor<Path> {
  private static final Pattern NAMES =
      Pattern.compile(
          "(?i).*\\.(?:md|markdown|rst|adoc|txt|mk|sh|bash|zsh|ya?ml|toml)|readme.*|contributing.*"
              + "|(?:gnu)?makefile|justfile|jenkinsfile|dockerfile|containerfile|procfile|tox\\.ini"
              + "|package\\.json");
  private static final Pattern PAST =
      Pattern.compile("(?i)(?:change(?:s|log)|history|news|release).*");
  private static final Set<String> FOREIGN =
      Set.of("node_modules", "__pycache__", "site-packages", "build", "dist", "target", "vendor");
  private static final Set<String> HIDDEN = Set.of(".github", ".gitlab", ".circleci", ".buildkite");
  private static final int LARGEST = 1 << 20;

  private final Path root;
  private final Path lists;
  private final List<Path> files = new ArrayList<>();

  private CommandFiles(Path root, Path lists) {
    this.root = root;
    this.lists = lists;
  }

  /// The files, sorted.
  ///
  /// @param lists the folder of the group lists, which Plimsoll writes
  static List<Path> of(Path root, Path lists) {
    var found = new CommandFiles(root, lists);
    try {
      Files.walkFileTree(root, found);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found.files.stream().sorted().toList();
  }

  @Override
  public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
    String name = String.valueOf(folder.getFileName());
    boolean hidden = name.startsWith(".") && !HIDDEN.contains(name);
    boolean foreign =
        hidden || FOREIGN.contains(name) || Files.exists(folder.resolve("pyvenv.cfg"));
    boolean skipped = folder.equals(lists) || (foreign && !folder.equals(root));
    return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    String name = file.getFileName().toString();
    boolean wanted = NAMES.matcher(name).matches() || isScript(file, name);
    if (attributes.isRegularFile()
        && attributes.size() <= LARGEST
        && wanted
        && !PAST.matcher(name).matches()) {
      files.add(file);
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
    return FileVisitResult.CONTINUE;
  }

  /// A program without an extension, such as `bin/test`.
  private static boolean isScript(Path file, String name) {
    return !name.contains(".") && Files.isExecutable(file);
  }
}
