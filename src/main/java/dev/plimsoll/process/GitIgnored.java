package dev.plimsoll.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// Asks git which files it ignores.
public final class GitIgnored {
  private GitIgnored() {}

  /// Those of the files that git ignores; none without git, or outside of a work tree.
  ///
  /// @param files relative to the folder
  public static Set<String> of(Path folder, List<String> files) {
    if (files.isEmpty()) {
      return Set.of();
    }
    try {
      Process git =
          new ProcessBuilder("git", "check-ignore", "-z", "--stdin")
              .directory(folder.toFile())
              .redirectError(Redirect.DISCARD)
              .start();
      try (var names = git.getOutputStream()) {
        names.write(String.join("\0", files).getBytes(StandardCharsets.UTF_8));
      }
      String ignored = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return Set.of(ignored.split("\0", 0));
    } catch (IOException noGit) {
      return Set.of();
    }
  }
}
