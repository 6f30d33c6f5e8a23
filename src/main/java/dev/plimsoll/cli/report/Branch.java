package dev.plimsoll.cli.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/// The branch that a run belongs to: that of git, or in CI, where a commit is checked out without
/// its branch, the one that the environment names.
final class Branch {
  private static final String HEAD = "ref: refs/heads/";
  private static final String[] VARIABLES = {
    "GITHUB_HEAD_REF", "GITHUB_REF_NAME", "CI_COMMIT_REF_NAME", "BRANCH_NAME"
  };

  private Branch() {}

  /// Its name, empty when it is not known.
  static String of(Path root, Map<String, String> environment) {
    String head = head(root.toAbsolutePath().normalize());
    return head.startsWith(HEAD)
        ? head.substring(HEAD.length()).strip()
        : Stream.of(VARIABLES)
            .map(name -> environment.getOrDefault(name, ""))
            .filter(name -> !name.isEmpty())
            .findFirst()
            .orElse("");
  }

  private static String head(Path root) {
    for (Path folder = root; folder != null; folder = folder.getParent()) {
      Path git = folder.resolve(".git");
      try {
        if (Files.isDirectory(git)) {
          return Files.readString(git.resolve("HEAD"));
        }
        if (Files.isRegularFile(git)) { // of a worktree: `gitdir: FOLDER`
          String place = Files.readString(git).replaceFirst("gitdir: ", "").strip();
          return Files.readString(folder.resolve(place).resolve("HEAD"));
        }
      } catch (IOException unreadable) {
        return "";
      }
    }
    return "";
  }
}
