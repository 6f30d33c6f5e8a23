package dev.plimsoll.cli.shard;

import dev.plimsoll.engine.pytest.ChosenPython;
import dev.plimsoll.files.FileTrouble;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The coverage of all shards together, by coverage.py's own `combine` and `report`.
///
/// @param folder where both run, with the project's coverage configuration
record MergedCoverage(ChosenPython python, Path folder, Consumer<String> say) {
  /// Combine and report.
  ///
  /// @param runs the runs whose coverage counts
  /// @param failUnder the least percentage, empty for that of the project's own configuration
  /// @return 1 when less is covered
  int report(RecordFolder records, List<String> runs, String failUnder)
      throws InterruptedException {
    try {
      Path scratch = Files.createTempDirectory("plimsoll-coverage");
      try {
        return report(records, runs, failUnder, scratch);
      } finally {
        remove(scratch);
      }
    } catch (IOException e) {
      throw failed(FileTrouble.why(e));
    }
  }

  private int report(RecordFolder records, List<String> runs, String failUnder, Path scratch)
      throws IOException, InterruptedException {
    int files = records.coverage(runs, scratch);
    if (files == 0) {
      throw failed(
          "no shard left coverage beside its record; run the shards with pytest's `--cov`");
    }
    if (coverage("combine", scratch.toString()) != 0) {
      throw failed("`coverage combine` failed; its output says why");
    }
    say.accept("coverage of " + files + " files from " + runs.size() + " shards");
    var report = new ArrayList<>(List.of("report"));
    if (!failUnder.isEmpty()) {
      report.add("--fail-under=" + failUnder);
    }
    return coverage(report.toArray(String[]::new)) == 0
        ? ExitCode.OK.code()
        : ExitCode.TESTS_FAILED.code();
  }

  private int coverage(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(python.executable().toString(), "-m", "coverage"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectOutput(ProcessBuilder.Redirect.appendTo(Path.of("/dev/stderr").toFile()))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start()
        .waitFor();
  }

  private static void remove(Path scratch) throws IOException {
    try (Stream<Path> files = Files.list(scratch)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(scratch);
  }

  private static UserError failed(String why) {
    return new UserError("the coverage cannot be combined", why, "", ExitCode.INTERNAL_ERROR);
  }
}
