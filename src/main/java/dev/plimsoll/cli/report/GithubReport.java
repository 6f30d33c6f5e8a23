package dev.plimsoll.cli.report;

import dev.plimsoll.model.RunSummary;
import dev.plimsoll.report.GithubAnnotations;
import dev.plimsoll.report.GithubSummary;
import dev.plimsoll.report.RunChanges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Reports a run to GitHub Actions: annotations on stderr, which GitHub reads like standard output,
/// and the summary of the job. Elsewhere it does nothing.
public final class GithubReport {
  /// The variable that is set in a step of GitHub Actions.
  public static final String MARKER = "GITHUB_ACTIONS";

  private GithubReport() {}

  /// Write annotations and the job summary where `environment` says that GitHub Actions runs this.
  ///
  /// @param root the project's folder
  /// @param changes what is otherwise than in the last run on the same branch, asked when needed
  /// @param messages standard error, line by line
  public static void write(
      RunSummary run,
      Supplier<RunChanges> changes,
      Path root,
      Map<String, String> environment,
      Consumer<String> messages) {
    if (!"true".equals(environment.get(MARKER))) {
      return;
    }
    GithubAnnotations.of(run, prefix(root, environment)).forEach(messages);
    String summary = environment.getOrDefault("GITHUB_STEP_SUMMARY", "");
    if (!summary.isEmpty()) {
      try {
        Files.writeString(
            Path.of(summary),
            GithubSummary.of(run, changes.get()),
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      } catch (IOException e) {
        messages.accept("warning: could not write the job summary: " + e);
      }
    }
  }

  /// The project's folder inside the repository.
  private static String prefix(Path root, Map<String, String> environment) {
    String workspace = environment.getOrDefault("GITHUB_WORKSPACE", "");
    if (workspace.isEmpty() || !root.startsWith(workspace)) {
      return "";
    }
    String folder = Path.of(workspace).relativize(root).toString();
    return folder.isEmpty() ? "" : folder + "/";
  }
}
