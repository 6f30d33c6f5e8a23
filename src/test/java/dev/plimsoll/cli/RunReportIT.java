package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the reports of a real run say beside its results.
class RunReportIT {
  @TempDir private Path root;

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, text);
  }

  private ProgramRun run(String... options) throws Exception {
    var all = new ArrayList<>(List.of("run", "--python", "python3"));
    all.addAll(List.of(options));
    return ProgramRun.of(root, all.toArray(String[]::new));
  }

  @Test
  void aRunIsComparedWithTheLastOneOnItsBranch() throws Exception {
    write(".git/HEAD", "ref: refs/heads/main\n");
    write("test_a.py", "def test_a(): pass\n");
    run();
    write(".git/HEAD", "ref: refs/heads/other\n");
    write("test_a.py", "def test_a(): assert False\n");
    var first = run("--html", "first.html");
    assertThat(first.exitCode()).isEqualTo(1);
    assertThat(first.err()).contains("wrote first.html\n");
    assertThat(root.resolve("first.html")).content().contains("\"failing\" : [ ]");
    write(".git/HEAD", "ref: refs/heads/main\n");
    Path summary = root.resolve("summary.md");
    var github = Map.of("GITHUB_ACTIONS", "true", "GITHUB_STEP_SUMMARY", summary.toString());
    ProgramRun.of(root, github, "run", "--python", "python3", "--html", "second.html");
    assertThat(root.resolve("second.html"))
        .content()
        .contains("\"failing\" : [ \"test_a.py::test_a\" ]");
    assertThat(summary)
        .content()
        .contains("### Since the last run on this branch", "- 1 newly failing: ")
        .contains("slowest tests", "More workers would");
    assertThat(ProgramRun.of(root, "report").out())
        .contains("- 1 newly failing: `test_a.py::test_a`");
    assertThat(ProgramRun.of(root, Map.of("BROWSER", "/bin/true"), "report", "--open").err())
        .isEqualTo("wrote " + root.toRealPath().resolve(".plimsoll/report.html") + "\n");
  }
}
